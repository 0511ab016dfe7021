import fc from "fast-check";

/** How many of `runs` draws have a property: an arbitrary that never makes a case does not test it. */
export function count<T>(arbitrary: fc.Arbitrary<T>, has: (value: T) => boolean, runs = 200): number {
  return fc.sample(arbitrary, { numRuns: runs, seed: 1 }).filter(has).length;
}
