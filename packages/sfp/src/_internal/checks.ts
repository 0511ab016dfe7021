import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { checkInteger, checkNumber } from "@semifactor/ghmm/internal";

export { checkInteger };

/** Throws unless `value` is a finite number in `[low, high]`. */
export const checkRange: (source: string, name: string, value: number, low: number, high: number) => void = checkNumber;

/** Throws unless `value` is there and has exactly `length` entries. */
export function checkLength(source: string, name: string, value: ArrayLike<unknown> | undefined, length: number): void {
  if (value?.length !== length) {
    throw new ShapeError({
      source,
      // null as well, which only the types rule out
      problem:
        value?.length === undefined ? `${name} is ${JSON.stringify(value)}` : `${name} has ${value.length} entries`,
      remedy: `Give ${length} entries`,
    });
  }
}

/** Throws at the first entry, or hole, that is not a finite number in `[low, high]`. */
export function checkRanges(source: string, name: string, values: ArrayLike<number>, low: number, high: number): void {
  for (let i = 0; i < values.length; i++) checkRange(source, `${name}[${i}]`, values[i] ?? Number.NaN, low, high);
}

/** Throws at the first entry that is not a finite number. */
export function checkFinite(source: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "number" && Number.isFinite(value)) continue;
    throw new InvalidArgumentError({
      source,
      problem: `${name}[${i}] is ${value}`,
      remedy: "Give finite numbers only",
    });
  }
}

/** Throws unless `choice` is one of `choices`. */
export function checkChoice(source: string, name: string, choice: string, choices: readonly string[]): void {
  if (!choices.includes(choice)) {
    throw new InvalidArgumentError({
      source,
      problem: `${name} is ${JSON.stringify(choice)}`,
      remedy: `Give one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`,
    });
  }
}

/** Throws unless `law` is non-negative (InvalidArgumentError) and sums to one within 1e-9 (NotNormalizedError). */
export function checkLaw(source: string, name: string, law: ArrayLike<number>): void {
  let total = 0;
  for (let i = 0; i < law.length; i++) {
    const weight = law[i] ?? Number.NaN;
    checkRange(source, `${name}[${i}]`, weight, 0, 1 + 1e-9);
    total += weight;
  }
  if (!(Math.abs(total - 1) <= 1e-9)) {
    throw new NotNormalizedError({
      source,
      problem: `${name} sums to ${total}`,
      remedy: "Give weights that sum to 1",
    });
  }
}

/** Throws unless `value` is an object: what a caller without types may leave out. */
export function checkObject(source: string, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${JSON.stringify(value)}`,
    remedy: `Give it as the documentation of ${source} shows`,
  });
}
