import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkFinite, checkInteger, checkLength } from "../_internal/checks.ts";
import { factorStates, type PerFactor, type TensorStructure } from "./tensor-structure.ts";

/** Index of a factor by its name; throws if there is no such factor. */
export function factorIndex(source: string, structure: TensorStructure, name: string): number {
  const index = structure.factors.findIndex((factor) => factor.name === name);
  if (index !== -1) return index;
  throw new InvalidArgumentError({
    source,
    problem: `there is no factor called ${JSON.stringify(name)}`,
    remedy: `Give one of ${structure.factors.map((factor) => JSON.stringify(factor.name)).join(", ")}`,
  });
}

/**
 * Contracts a belief with one vector per factor that is not kept: `out[kept states] = sum b[joint] prod_n v_n[state n]`.
 *
 * @returns `[product of the kept dimensions]`
 */
function contract(
  structure: TensorStructure,
  belief: ArrayLike<number>,
  vectors: readonly (ArrayLike<number> | undefined)[],
): Float64Array {
  const { factors, stateDim } = structure;
  const size = factors.reduce((product, { dimension }, n) => product * (vectors[n] === undefined ? dimension : 1), 1);
  const out = new Float64Array(size);
  for (let s = 0; s < stateDim; s++) {
    let [weight, left, at, stride] = [belief[s] ?? 0, s, 0, 1];
    for (let n = factors.length - 1; n >= 0; n--) {
      const dimension = factors[n]?.dimension ?? 1;
      const state = left % dimension;
      left = (left - state) / dimension;
      const vector = vectors[n];
      if (vector === undefined) {
        at += state * stride;
        stride *= dimension;
      } else {
        weight *= vector[state] ?? 0;
      }
    }
    out[at] = (out[at] ?? 0) + weight;
  }
  return out;
}

function checkBelief(source: string, structure: TensorStructure, belief: ArrayLike<number>): void {
  checkLength(source, "belief", belief, structure.stateDim);
  checkFinite(source, "belief", belief);
}

/**
 * The belief over each factor: for two, `b_A = M w_C` and `b_C = w_A M` with `M` the belief as a `[dA, dC]` matrix.
 *
 * A belief over two factors is a product if and only if it equals `b_A (x) b_C` (T19).
 *
 * @param belief - `[stateDim]`
 * @returns one belief per factor, `[dimension]` each
 * @throws ShapeError if the belief has another length; InvalidArgumentError if an entry is not finite
 * @example
 * ```ts
 * import { marginals, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] });
 * const [first, second] = marginals(structure, [0.5, 0.25, 0, 0.25]);
 * expect(Array.from(first)).toEqual([0.75, 0.25]);
 * expect(Array.from(second)).toEqual([0.5, 0.5]);
 * ```
 */
export function marginals(structure: TensorStructure, belief: ArrayLike<number>): PerFactor<Float64Array> {
  checkBelief("marginals", structure, belief);
  const { factors } = structure;
  const of = (kept: number) =>
    contract(
      structure,
      belief,
      factors.map(({ normalizer }, n) => (n === kept ? undefined : normalizer)),
    );
  const [, , ...rest] = factors;
  return [of(0), of(1), ...rest.map((_, i) => of(i + 2))];
}

/**
 * The joint belief over some factors, in the order of the structure.
 *
 * @param belief - `[stateDim]`
 * @param names - the factors to keep
 * @returns `[product of their dimensions]`
 * @throws ShapeError if the belief has another length; InvalidArgumentError if an entry is not finite or a name is unknown
 * @example
 * ```ts
 * import { marginalBelief, tensorStructure } from "@semifactor/sfp";
 *
 * const bit = (name: string) => ({ name, dimension: 2 });
 * const structure = tensorStructure({ factors: [bit("a"), bit("b"), bit("c")] });
 * // a = c, b fair
 * expect(Array.from(marginalBelief(structure, [0.25, 0, 0.25, 0, 0, 0.25, 0, 0.25], ["a", "c"]))).toEqual([0.5, 0, 0, 0.5]);
 * ```
 */
export function marginalBelief(
  structure: TensorStructure,
  belief: ArrayLike<number>,
  names: readonly string[],
): Float64Array {
  checkBelief("marginalBelief", structure, belief);
  const kept = new Set(names.map((name) => factorIndex("marginalBelief", structure, name)));
  return contract(
    structure,
    belief,
    structure.factors.map(({ normalizer }, n) => (kept.has(n) ? undefined : normalizer)),
  );
}

/**
 * The belief over the other factors, given the state of some: `b(. | a) = b(a, .) / (b(a, .) w)`.
 *
 * @param belief - `[stateDim]`
 * @param given - state of each given factor, by its name
 * @returns `[product of the dimensions of the other factors]`, in the order of the structure
 * @throws InvalidArgumentError if a name or a state is unknown, an entry is not finite, every factor is given, or the given states
 * have weight zero
 * @throws ShapeError if the belief has another length
 * @example
 * ```ts
 * import { conditionalBelief, families } from "@semifactor/sfp";
 *
 * const { structure, initial } = families.staticLabels({ alpha: 0.5 });
 * expect(Array.from(conditionalBelief(structure, initial, { alignment: 1 }))).toEqual([0.25, 0.75]);
 * ```
 */
export function conditionalBelief(
  structure: TensorStructure,
  belief: ArrayLike<number>,
  given: Readonly<Record<string, number>>,
): Float64Array {
  const source = "conditionalBelief";
  checkBelief(source, structure, belief);
  const { factors } = structure;
  const states = new Map(
    Object.entries(given).map(([name, state]) => {
      const n = factorIndex(source, structure, name);
      checkInteger(source, name, state, 0, (factors[n]?.dimension ?? 1) - 1);
      return [n, state];
    }),
  );
  if (states.size === factors.length) {
    throw new InvalidArgumentError({
      source,
      problem: "every factor is given",
      remedy: "Leave at least one factor free",
    });
  }
  const indicators = factors.map(({ dimension }, n) =>
    states.has(n) ? Float64Array.from({ length: dimension }, (_, s) => (s === states.get(n) ? 1 : 0)) : undefined,
  );
  const slice = contract(structure, belief, indicators);
  // the weight of the slice: its product with the normalizers of the free factors
  const weightOf = factors.map(({ normalizer }, n) => indicators[n] ?? normalizer);
  const weight = contract(structure, belief, weightOf)[0] ?? 0;
  if (!(Math.abs(weight) > 1e-12)) {
    throw new InvalidArgumentError({
      source,
      problem: `${JSON.stringify(given)} has weight ${weight} in the belief`,
      remedy: "Condition on states that the belief gives weight to",
    });
  }
  return slice.map((value) => value / weight);
}

/** A structure of several factors seen as two: some factors, and the rest. */
export interface Bipartition {
  /** Dimensions `[dA, dC]` of the two sides. */
  readonly dimensions: readonly [number, number];
  /** The joint index, in the order of the structure, of each index `a * dC + c` of the two sides, `[stateDim]`. */
  readonly order: Int32Array;
  /** A belief with the first side's index running slowest, `[dA * dC]`: what the measures of two factors take. */
  arrange(belief: ArrayLike<number>): Float64Array;
}

/**
 * Sees a structure as two sides: the named factors and all others. With two factors and the first one named, nothing moves.
 *
 * @param first - names of the factors of the first side; the first factor alone by default
 * @throws InvalidArgumentError if a name is unknown or repeated, or one side is empty
 * @example
 * ```ts
 * import { bipartition, tensorStructure } from "@semifactor/sfp";
 *
 * const bit = (name: string) => ({ name, dimension: 2 });
 * const structure = tensorStructure({ factors: [bit("a"), bit("b"), bit("c")] });
 * const split = bipartition(structure, ["b"]);
 * expect(split.dimensions).toEqual([2, 4]);
 * expect(Array.from(split.order)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
 * ```
 */
export function bipartition(
  structure: TensorStructure,
  first: readonly string[] = [structure.factors[0].name],
): Bipartition {
  const source = "bipartition";
  const { factors, stateDim } = structure;
  const chosen = new Set(first.map((name) => factorIndex(source, structure, name)));
  if (chosen.size !== first.length || chosen.size === 0 || chosen.size === factors.length) {
    throw new InvalidArgumentError({
      source,
      problem: `the first side is ${JSON.stringify(first)} of ${factors.length} factors`,
      remedy: "Name some factors, each once, and leave at least one for the second side",
    });
  }
  const side = (isFirst: boolean) =>
    factors.reduce((product, { dimension }, n) => (chosen.has(n) === isFirst ? product * dimension : product), 1);
  const dimensions = [side(true), side(false)] as const;
  const order = new Int32Array(stateDim);
  for (let s = 0; s < stateDim; s++) {
    const states = factorStates(structure, s);
    const index = (isFirst: boolean) =>
      factors.reduce((at, { dimension }, n) => (chosen.has(n) === isFirst ? at * dimension + (states[n] ?? 0) : at), 0);
    order[index(true) * dimensions[1] + index(false)] = s;
  }
  return {
    dimensions,
    order,
    arrange(belief) {
      checkLength("Bipartition.arrange", "belief", belief, stateDim);
      return Float64Array.from(order, (s) => belief[s] ?? 0);
    },
  };
}
