import { createHmm, createKey, foldIn, type Process, uniform } from "@semifactor/ghmm";
import { kroneckerVector } from "@semifactor/ghmm/internal";

/** What {@link genericHmm} takes. */
export interface GenericHmmOptions {
  readonly seed: number;
  /** Number of states `[dA, dC]` of the two factors; the start is a product over them. */
  readonly dimensions: readonly [number, number];
  readonly tokens: number;
}

/** Random probabilities, uniform on the simplex, with a density: no equation that is not an identity holds for them. */
export function genericLaw(seed: number, index: number, count: number): Float64Array {
  const draws = uniform(foldIn(createKey(seed), index), count).map((u) => 1e-3 - Math.log(1 - u));
  const total = draws.reduce((sum, value) => sum + value, 0);
  return draws.map((value) => value / total);
}

/** A hidden Markov model in general position: rows over (token, next state) and a product start, all drawn from densities. */
export function genericHmm({ seed, dimensions: [dA, dC], tokens }: GenericHmmOptions): Process {
  const d = dA * dC;
  const rows = Array.from({ length: d }, (_, s) => genericLaw(seed, s, tokens * d));
  return createHmm({
    operators: Array.from({ length: tokens }, (_, x) => rows.map((row) => row.subarray(x * d, (x + 1) * d))),
    initial: kroneckerVector(genericLaw(seed, d, dA), genericLaw(seed, d + 1, dC)),
  });
}
