import { InvalidArgumentError } from "./errors.ts";

/** Throws unless `value` is an integer from `low` to `high`. */
export function checkInteger(source: string, name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give an integer from ${low} to ${high}`,
  });
}

/** Throws unless `value` is a finite number from `low` to `high`, if there is such a bound. */
export function checkNumber(source: string, name: string, value: number, low: number, high?: number): void {
  if (Number.isFinite(value) && value >= low && value <= (high ?? Number.MAX_VALUE)) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: high === undefined ? `Give a finite number of at least ${low}` : `Give a number from ${low} to ${high}`,
  });
}
