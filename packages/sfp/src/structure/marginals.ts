import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkFinite, checkInteger, checkLength, checkObject } from "../_internal/checks.ts";
import { factorIndex } from "./_internal/factor-index.ts";
import type { PerFactor, TensorStructure } from "./tensor-structure.ts";

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
  checkObject(source, "structure", structure);
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
  checkObject(source, "given", given);
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
