import { InvalidArgumentError, NotNormalizedError } from "@semifactor/ghmm";
import { dot, readVector } from "@semifactor/ghmm/internal";
import { checkInteger, checkObject } from "../_internal/checks.ts";
import type { Factor, TensorStructure } from "../structure/tensor-structure.ts";
import { factorIntervention, factorOf } from "./_internal/factor-operator.ts";
import type { Intervention } from "./intervention.ts";

/** What {@link resetFactor} takes beside the structure. */
export interface ResetFactorOptions {
  /** Name of the factor. */
  readonly factor: string;
  /** The state, or the belief over the factor's states, that it is put in. */
  readonly to: number | ArrayLike<number>;
}

const SOURCE = "resetFactor";

function target({ name, dimension, normalizer }: Factor, to: number | ArrayLike<number>): Float64Array {
  if (typeof to === "number") {
    checkInteger(SOURCE, "to", to, 0, dimension - 1);
    const weight = normalizer[to] ?? 0;
    if (weight === 0) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `state ${to} of ${name} has normalizer 0`,
        remedy: "Give a belief over the factor whose product with its normalizer is 1",
      });
    }
    return Float64Array.from({ length: dimension }, (_, s) => (s === to ? 1 / weight : 0));
  }
  const belief = readVector(SOURCE, "to", to, dimension);
  const norm = dot(belief, normalizer);
  if (Math.abs(norm - 1) <= 1e-9) return belief;
  throw new NotNormalizedError({
    source: SOURCE,
    problem: `to . normalizer of ${name} is ${norm}`,
    remedy: "Give a belief over the factor, normalised to 1",
  });
}

/**
 * Puts one factor in a given belief and leaves the others as they are: `R = (w_A a') (x) I`, so `b R = a' (x) b_C`.
 *
 * The product follows for every belief, correlated or not. In a factored process the future of the factor is then that of `a'` whatever
 * the other factors and the history, and theirs does not change (T26). `R` has rank one on the factor.
 *
 * @throws InvalidArgumentError if there is no such factor or state, or an entry is not finite
 * @throws ShapeError if the belief has another length than the factor has states
 * @throws NotNormalizedError if the belief over the factor is not normalised
 * @throws UnsupportedError if the structure has more than 8192 states
 * @example
 * ```ts
 * import { resetFactor, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] });
 * const reset = resetFactor(structure, { factor: "a", to: [0.1, 0.9] });
 * const after = reset.apply([0.5, 0, 0, 0.5]); // perfectly correlated before
 * expect(Array.from(after)).toEqual([0.05, 0.05, 0.45, 0.45]);
 * expect(reset.rank).toBe(2); // 1 on the factor, for each of the two states of the other
 * ```
 */
export function resetFactor(structure: TensorStructure, options: ResetFactorOptions): Intervention {
  checkObject(SOURCE, "structure", structure);
  checkObject(SOURCE, "options", options);
  const factor = factorOf(SOURCE, structure, options.factor);
  const to = target(factor, options.to);
  const { dimension, normalizer } = factor;
  const operator = Float64Array.from({ length: dimension ** 2 }, (_, i) => {
    return (normalizer[Math.floor(i / dimension)] ?? 0) * (to[i % dimension] ?? 0);
  });
  const where = typeof options.to === "number" ? options.to : `[${to.join(", ")}]`;
  return factorIntervention(SOURCE, `reset ${factor.name} to ${where}`, structure, factor, operator);
}
