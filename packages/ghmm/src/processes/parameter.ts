import { InvalidArgumentError } from "../numeric/errors.ts";

/** Throws unless `low <= value <= high`; the message names the parameter and its range. */
export function checkParameter(source: string, name: string, value: number, low = 0, high = 1): void {
  if (value >= low && value <= high) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give ${name} from ${low} to ${high}`,
  });
}
