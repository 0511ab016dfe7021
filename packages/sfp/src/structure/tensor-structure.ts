import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkFinite, checkInteger, checkLength, checkObject } from "../_internal/checks.ts";

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

/** One thing for each of two or more factors. */
export type PerFactor<T> = readonly [T, T, ...T[]];

/**
 * A declared product structure `V = V_A (x) V_C (x) ...` of a state space; with two factors, state `(a, c)` has index `a * dC + c`.
 *
 * It is data, not a property of a process: a change of basis keeps every word probability and destroys it (T25).
 */
export interface TensorStructure {
  /** The factors, the slowest in the joint index first. */
  readonly factors: PerFactor<Factor>;
  /** Product of the dimensions. */
  readonly stateDim: number;
}

const LARGEST_DIMENSION = 2 ** 20;

function factor(definition: FactorDefinition, index: number): Factor {
  const source = "tensorStructure";
  const { name, dimension } = definition;
  if (typeof name !== "string" || name === "") {
    throw new InvalidArgumentError({
      source,
      problem: `factors[${index}].name is ${name === "" ? "empty" : String(name)}`,
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
 * Declares two or more named factors of a state space.
 *
 * @throws InvalidArgumentError if two names are equal or one is empty, a dimension is not a positive integer, their
 * product is above 2^20 or a normalizer is not finite
 * @throws ShapeError if there are fewer than two factors, or a normalizer has the wrong length
 * @example
 * ```ts
 * import { jointIndex, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "persona", dimension: 2 }, { name: "phase", dimension: 3 }] });
 * expect(structure.stateDim).toBe(6);
 * expect(jointIndex(structure, [1, 2])).toBe(5);
 * ```
 */
export function tensorStructure(definition: { readonly factors: PerFactor<FactorDefinition> }): TensorStructure {
  checkObject("tensorStructure", "the definition", definition);
  checkObject("tensorStructure", "factors", definition.factors);
  const given: readonly FactorDefinition[] = definition.factors;
  if (given.length < 2) {
    throw new ShapeError({
      source: "tensorStructure",
      problem: `there are ${given.length} factors`,
      remedy: "Give two or more; one without structure can have a trivial second one of dimension 1",
    });
  }
  const [first, second, ...rest] = definition.factors;
  const factors = [factor(first, 0), factor(second, 1), ...rest.map((one, i) => factor(one, i + 2))] as const;
  const names = new Set<string>();
  for (const { name } of factors) {
    if (names.has(name)) {
      throw new InvalidArgumentError({
        source: "tensorStructure",
        problem: `two factors are called ${JSON.stringify(name)}`,
        remedy: "Give the factors different names",
      });
    }
    names.add(name);
  }
  const stateDim = factors.reduce((product, { dimension }) => product * dimension, 1);
  checkInteger("tensorStructure", "the product of the dimensions", stateDim, 1, LARGEST_DIMENSION);
  return { factors, stateDim };
}

/**
 * Index of a joint state given as one state per factor, the last factor running fastest: `(a, c) -> a * dC + c`.
 *
 * @throws InvalidArgumentError if a factor state is out of range; ShapeError if there is not one per factor
 * @example
 * ```ts
 * import { jointIndex, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 3 }, { name: "c", dimension: 4 }] });
 * expect(jointIndex(structure, [2, 1])).toBe(9);
 * ```
 */
export function jointIndex(structure: TensorStructure, states: readonly number[]): number {
  const { factors } = structure;
  checkLength("jointIndex", "states", states, factors.length);
  return factors.reduce((index, { name, dimension }, n) => {
    const state = states[n] ?? Number.NaN;
    checkInteger("jointIndex", name, state, 0, dimension - 1);
    return index * dimension + state;
  }, 0);
}

/**
 * The factor states of a joint index, `(a, c)` for two factors: the inverse of {@link jointIndex}.
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
export function factorStates(structure: TensorStructure, index: number): PerFactor<number> {
  checkInteger("factorStates", "index", index, 0, structure.stateDim - 1);
  const [first, second, ...rest] = structure.factors;
  const last: number[] = [];
  let left = index;
  for (const { dimension } of rest.toReversed()) {
    last.unshift(left % dimension);
    left = Math.floor(left / dimension);
  }
  return [Math.floor(left / second.dimension) % first.dimension, left % second.dimension, ...last];
}
