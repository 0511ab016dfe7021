import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkFinite, checkInteger, checkLength } from "../_internal/checks.ts";

/** One factor of a tensor structure. */
export interface Factor {
  /** What the factor is, e.g. `alignment`. */
  readonly name: string;
  /** Number of states. */
  readonly dimension: number;
  /** Normalizer of the factor, `[dimension]`. */
  readonly normalizer: Float64Array;
}

/** A factor as it is asked for: the normalizer is all ones unless given. */
export interface FactorDefinition {
  readonly name: string;
  readonly dimension: number;
  readonly normalizer?: ArrayLike<number>;
}

/**
 * A declared product structure `V = V_A (x) V_C` of a state space, state `(a, c)` at index `a * dC + c`.
 *
 * It is data, not a property of a process: a change of basis keeps every word probability and destroys it.
 */
export interface TensorStructure {
  /** The first factor A and the second factor C. */
  readonly factors: readonly [Factor, Factor];
  /** `dA * dC`. */
  readonly stateDim: number;
}

const LARGEST_DIMENSION = 2 ** 20;

function factor(definition: FactorDefinition, index: number): Factor {
  const source = "tensorStructure";
  const { name, dimension } = definition;
  if (name === "") {
    throw new InvalidArgumentError({
      source,
      problem: `factors[${index}].name is empty`,
      remedy: "Name the factor, such as alignment",
    });
  }
  checkInteger(source, `factors[${index}].dimension`, dimension, 1, LARGEST_DIMENSION);
  const normalizer = Float64Array.from(definition.normalizer ?? new Float64Array(dimension).fill(1));
  checkLength(source, `factors[${index}].normalizer`, normalizer, dimension);
  checkFinite(source, `factors[${index}].normalizer`, normalizer);
  return { name, dimension, normalizer };
}

/**
 * Declares two named factors of a state space.
 *
 * @throws InvalidArgumentError if the names are equal or empty, a dimension is not a positive integer, their
 * product is above 2^20 or a normalizer is not finite
 * @throws ShapeError if a normalizer has the wrong length
 * @example
 * ```ts
 * import { jointIndex, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "persona", dimension: 2 }, { name: "phase", dimension: 3 }] });
 * expect(structure.stateDim).toBe(6);
 * expect(jointIndex(structure, [1, 2])).toBe(5);
 * ```
 */
export function tensorStructure(definition: {
  readonly factors: readonly [FactorDefinition, FactorDefinition];
}): TensorStructure {
  const [first, second] = definition.factors;
  const factors = [factor(first, 0), factor(second, 1)] as const;
  if (first.name === second.name) {
    throw new InvalidArgumentError({
      source: "tensorStructure",
      problem: `both factors are called ${JSON.stringify(first.name)}`,
      remedy: "Give the factors different names",
    });
  }
  const stateDim = first.dimension * second.dimension;
  checkInteger("tensorStructure", "the product of the dimensions", stateDim, 1, LARGEST_DIMENSION);
  return { factors, stateDim };
}

/**
 * Index of the joint state `(a, c)`: `a * dC + c`.
 *
 * @throws InvalidArgumentError if a factor state is out of range
 * @example
 * ```ts
 * import { jointIndex, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 3 }, { name: "c", dimension: 4 }] });
 * expect(jointIndex(structure, [2, 1])).toBe(9);
 * ```
 */
export function jointIndex(structure: TensorStructure, [a, c]: readonly [number, number]): number {
  const [first, second] = structure.factors;
  checkInteger("jointIndex", first.name, a, 0, first.dimension - 1);
  checkInteger("jointIndex", second.name, c, 0, second.dimension - 1);
  return a * second.dimension + c;
}

/**
 * The factor states `(a, c)` of a joint index: the inverse of {@link jointIndex}.
 *
 * @throws InvalidArgumentError if the index is out of range
 * @example
 * ```ts
 * import { factorStates, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 3 }, { name: "c", dimension: 4 }] });
 * expect(factorStates(structure, 9)).toEqual([2, 1]);
 * ```
 */
export function factorStates(structure: TensorStructure, index: number): readonly [number, number] {
  checkInteger("factorStates", "index", index, 0, structure.stateDim - 1);
  const { dimension } = structure.factors[1];
  return [Math.floor(index / dimension), index % dimension];
}

/** Beliefs over each factor. */
export interface Marginals {
  /** `b_A = M w_C`, `[dA]`. */
  readonly first: Float64Array;
  /** `b_C = w_A M`, `[dC]`. */
  readonly second: Float64Array;
}

/**
 * The beliefs over each factor of a joint belief: `b_A = M w_C` and `b_C = w_A M` with `M` the belief as a `[dA, dC]` matrix.
 *
 * A belief is a product if and only if it equals `b_A (x) b_C` (T19).
 *
 * @param belief - `[dA * dC]`
 * @throws ShapeError if the belief has another length; InvalidArgumentError if an entry is not finite
 * @example
 * ```ts
 * import { marginals, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] });
 * expect(Array.from(marginals(structure, [0.5, 0.25, 0, 0.25]).first)).toEqual([0.75, 0.25]);
 * ```
 */
export function marginals(structure: TensorStructure, belief: ArrayLike<number>): Marginals {
  checkLength("marginals", "belief", belief, structure.stateDim);
  checkFinite("marginals", "belief", belief);
  const [a, c] = structure.factors;
  const first = new Float64Array(a.dimension);
  const second = new Float64Array(c.dimension);
  for (let i = 0; i < a.dimension; i++) {
    for (let j = 0; j < c.dimension; j++) {
      const weight = belief[i * c.dimension + j] ?? 0;
      first[i] = (first[i] ?? 0) + weight * (c.normalizer[j] ?? 0);
      second[j] = (second[j] ?? 0) + weight * (a.normalizer[i] ?? 0);
    }
  }
  return { first, second };
}
