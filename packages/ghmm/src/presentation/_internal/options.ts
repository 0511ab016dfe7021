import { InvalidArgumentError } from "../../numeric/errors.ts";

/** Throws unless `value` is an integer from `low` to `high`. */
export function checkInteger(source: string, name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give an integer from ${low} to ${high}`,
  });
}

/** Throws unless `value` is a number from `low` to `high`. */
export function checkNumber(source: string, name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give a number from ${low} to ${high}`,
  });
}
