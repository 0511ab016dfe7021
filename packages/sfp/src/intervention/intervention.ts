import { InvalidArgumentError, singularValueDecomposition, UnsupportedError } from "@semifactor/ghmm";
import { checkList, dot, vectorTimesMatrix } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength } from "../_internal/checks.ts";

/**
 * A linear change of beliefs, `b -> b R / (b R w)`.
 *
 * The fraction is `b R` itself where `R w = w`, as for resets and flips; a projection and a reweighting have to be renormalised, which
 * is what conditioning on an event does.
 *
 * @example
 * ```ts
 * import { families, type Intervention, resetFactor } from "@semifactor/sfp";
 *
 * const { structure, initial } = families.personaZ1r();
 * const reset: Intervention = resetFactor(structure, { factor: "persona", to: 1 });
 * expect(reset.apply(initial)[4]).toBeCloseTo(1 / 3, 15);
 * ```
 */
export interface Intervention {
  readonly name: string;
  /** The linear part `R`, row-major `[stateDim, stateDim]`; it acts on row vectors from the right. */
  readonly matrix: Float64Array;
  /** Rank of `R`. */
  readonly rank: number;
  /** Rank of `R - I`: how many directions a linear change of the belief needs (T27). */
  readonly changeRank: number;
  /** The belief after the intervention, `[stateDim]`; any multiple of a belief will do. */
  apply(belief: ArrayLike<number>): Float64Array;
}

/** What {@link makeIntervention} joins. */
export interface InterventionParts {
  readonly source: string;
  readonly name: string;
  readonly matrix: Float64Array;
  readonly rank: number;
  readonly changeRank: number;
  readonly normalizer: Float64Array;
}

/** Entries of a matrix that is written out: 512 MiB. */
const LARGEST_MATRIX = 2 ** 26;

/** Weight of an outcome, relative to its largest entry, below which there is nothing to renormalise. */
const NO_WEIGHT = 1e-12;

/** Throws where an operator on that many states is not written out. */
export function checkStates(source: string, stateDim: number): void {
  if (stateDim ** 2 <= LARGEST_MATRIX) return;
  throw new UnsupportedError({
    source,
    problem: `the matrix of the intervention is ${stateDim} x ${stateDim}`,
    remedy: `Interventions are written out for at most ${Math.sqrt(LARGEST_MATRIX)} states`,
  });
}

/** Rank of a row-major matrix of `columns` columns: singular values above 1e-10, and above 1e-10 of the largest. */
export function matrixRank(matrix: ArrayLike<number>, columns: number): number {
  const { values } = singularValueDecomposition(matrix, [matrix.length / columns, columns]);
  const largest = Math.max(1, values[0] ?? 0);
  return values.filter((value) => value > 1e-10 * largest).length;
}

/** `m - I` of a square row-major matrix. */
export function minusIdentity(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, i) => (i % (size + 1) === 0 ? value - 1 : value));
}

/** `b R` of a belief, its weight `b R w`, and whether that is more than rounding. */
function weighed(belief: ArrayLike<number>, matrix: Float64Array, normalizer: Float64Array) {
  // by a power of two, which changes no digit: entries near the largest number would add up to infinity
  const scale = 2 ** Math.min(1023, Math.floor(Math.log2(largestEntry(belief) || 1)));
  const after = new Float64Array(normalizer.length);
  const scaled = Float64Array.from(belief, (value) => value / scale);
  vectorTimesMatrix(scaled, matrix, normalizer.length, after);
  const weight = dot(after, normalizer);
  return { after, weight, exists: Math.abs(weight) > NO_WEIGHT * largestEntry(after) };
}

function largestEntry(vector: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i] ?? 0));
  return largest;
}

/** The belief `b R / (b R w)`, undefined where the outcome has no weight. The scale of `R` does not matter. */
export function outcomeOf(
  { matrix }: Pick<Intervention, "matrix">,
  normalizer: Float64Array,
  belief: Float64Array,
): Float64Array | undefined {
  const { after, weight, exists } = weighed(belief, matrix, normalizer);
  return exists ? after.map((value) => value / weight) : undefined;
}

/** An intervention of these parts; `apply` checks the belief and renormalises. */
export function makeIntervention(parts: InterventionParts): Intervention {
  const { source, name, matrix, rank, changeRank, normalizer } = parts;
  const stateDim = normalizer.length;
  return Object.freeze({
    name,
    matrix,
    rank,
    changeRank,
    apply(belief: ArrayLike<number>) {
      checkList(source, "belief", belief);
      checkLength(source, "belief", belief, stateDim);
      checkFinite(source, "belief", belief);
      const { after, weight, exists } = weighed(belief, matrix, normalizer);
      if (!exists) {
        throw new InvalidArgumentError({
          source,
          problem: `${name} has weight ${weight} in the belief`,
          remedy: "Intervene on a belief that gives the outcome some weight",
        });
      }
      return after.map((value) => value / weight);
    },
  });
}
