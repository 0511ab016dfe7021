import { InvalidArgumentError } from "../../numeric/errors.ts";

/** Throws unless `value` is an integer between two bounds, both included. */
export function checkInteger(source: string, name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give an integer from ${least} to ${most}`,
  });
}

/** Throws unless `value` is a finite number of at least `least`. */
export function checkNumber(source: string, name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give a finite number of at least ${least}`,
  });
}
