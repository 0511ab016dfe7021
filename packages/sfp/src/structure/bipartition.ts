import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkLength } from "../_internal/checks.ts";
import { factorIndex } from "./_internal/factor-index.ts";
import { factorStates, type TensorStructure } from "./tensor-structure.ts";

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
