import { InvalidArgumentError, NotNormalizedError } from "@semifactor/ghmm";
import { checkList, matrixTimesVector, readSquare } from "@semifactor/ghmm/internal";
import { checkInteger, checkLength, checkObject } from "../_internal/checks.ts";
import type { Factor, TensorStructure } from "../structure/tensor-structure.ts";
import { factorIntervention, factorOf } from "./_internal/factor-operator.ts";
import type { Intervention } from "./intervention.ts";

/** What {@link flipFactor} takes beside the structure. */
export interface FlipFactorOptions {
  /** Name of the factor. */
  readonly factor: string;
  /**
   * A permutation (state `a` becomes `map[a]`), or rows of a matrix `F`, `[dimension][dimension]`, with `F w = w`.
   * @defaultValue `[1, 0]` for a factor of two states
   */
  readonly map?: readonly number[] | readonly ArrayLike<number>[];
}

const SOURCE = "flipFactor";

const isPermutation = (map: readonly (number | ArrayLike<number>)[]): map is readonly number[] =>
  typeof map[0] === "number";

function permutationMatrix(permutation: readonly number[], dimension: number): Float64Array {
  checkLength(SOURCE, "map", permutation, dimension);
  const matrix = new Float64Array(dimension * dimension);
  const images = new Set<number>();
  for (let state = 0; state < dimension; state++) {
    const image = permutation[state] ?? Number.NaN;
    checkInteger(SOURCE, `map[${state}]`, image, 0, dimension - 1);
    if (images.has(image)) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `map sends two states to ${image}`,
        remedy: "Give a permutation of the states, or the rows of a matrix",
      });
    }
    images.add(image);
    matrix[state * dimension + image] = 1;
  }
  return matrix;
}

function operatorOf({ name, dimension, normalizer }: Factor, map: FlipFactorOptions["map"]): Float64Array {
  if (map === undefined && dimension !== 2) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `${name} has ${dimension} states and there is no map`,
      remedy: "Give a permutation of its states, such as [1, 2, 0]",
    });
  }
  const chosen = map ?? [1, 0];
  checkList(SOURCE, "map", chosen);
  const operator = isPermutation(chosen)
    ? permutationMatrix(chosen, dimension)
    : readSquare(SOURCE, "map", chosen, dimension);
  matrixTimesVector(operator, normalizer).forEach((value, state) => {
    const expected = normalizer[state] ?? 0;
    if (Math.abs(value - expected) <= 1e-9) return;
    throw new NotNormalizedError({
      source: SOURCE,
      problem: `map . normalizer of ${name} is ${value} instead of ${expected} at state ${state}`,
      remedy: "Give a map that keeps the factor's normalizer, such as rows that sum to 1",
    });
  });
  return operator;
}

/**
 * Maps the states of one factor and leaves the others as they are: `b -> b (F (x) I)`.
 *
 * On joint beliefs the change `F (x) I - I` has rank `r dC` with `r = rank(F - I)`; in a code that keeps the factors' beliefs
 * apart it has rank `r` (T27).
 *
 * @throws InvalidArgumentError if there is no such factor, or the map is not a permutation
 * @throws ShapeError if the map has another size than the factor
 * @throws NotNormalizedError if the map does not keep the factor's normalizer
 * @throws UnsupportedError if the structure has more than 8192 states
 * @example
 * ```ts
 * import { families, flipFactor } from "@semifactor/sfp";
 *
 * const { structure, initial } = families.personaZ1r({ weights: [0.9, 0.1] });
 * const flip = flipFactor(structure, { factor: "persona" });
 * expect(flip.apply(initial)[3]).toBeCloseTo(0.3, 15);
 * expect([flip.rank, flip.changeRank]).toEqual([6, 3]);
 * ```
 */
export function flipFactor(structure: TensorStructure, options: FlipFactorOptions): Intervention {
  checkObject(SOURCE, "structure", structure);
  checkObject(SOURCE, "options", options);
  const factor = factorOf(SOURCE, structure, options.factor);
  return factorIntervention(SOURCE, `flip ${factor.name}`, structure, factor, operatorOf(factor, options.map));
}
