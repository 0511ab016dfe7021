import { nullSpace } from "../numeric/decompose.ts";
import { NonUniqueStationaryStateError, NotNormalizedError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { recurrentClasses } from "../numeric/recurrent-classes.ts";
import { stationaryDistribution } from "../numeric/stationary-distribution.ts";
import { IMPOSSIBLE, type Process } from "./process.ts";
import { netOperator, TOLERANCE } from "./validate.ts";

/** Relative size below which a number counts as zero. */
const TINY = 1e-10;

/** The same for a singular value of `T - I`: operators whose rows add up within the tolerance have one of that size. */
const NULL_TOLERANCE = 2 * TOLERANCE;

/** `T - I`, transposed on request. */
function minusIdentity(net: Float64Array, stateDim: number, transpose: boolean): Float64Array {
  const out = new Float64Array(net.length);
  for (let i = 0; i < stateDim; i++) {
    for (let j = 0; j < stateDim; j++) {
      out[i * stateDim + j] = (net[transpose ? j * stateDim + i : i * stateDim + j] ?? 0) - (i === j ? 1 : 0);
    }
  }
  return out;
}

/** The one left fixed vector of `net`, scaled to `pi . w = 1`; entries that rounding made negative or tiny are set to 0. */
export function leftFixedVector(
  source: string,
  net: Float64Array,
  normalizer: Float64Array,
  remedy: string,
): Float64Array {
  const basis = nullSpace(minusIdentity(net, normalizer.length, true), normalizer.length, NULL_TOLERANCE);
  const [vector] = basis;
  if (vector === undefined || basis.length > 1) {
    throw new NonUniqueStationaryStateError({
      source,
      problem: `the stationary states form a space of dimension ${basis.length}`,
      remedy: basis.length > 1 ? remedy : "Check that the operators sum to a matrix with eigenvalue 1",
      dimension: basis.length,
    });
  }
  const norm = dot(vector, normalizer);
  if (Math.abs(norm) <= TINY * Math.sqrt(dot(normalizer, normalizer))) {
    throw new NotNormalizedError({
      source,
      problem: `the only left fixed vector of T has product ${norm} with the normalizer`,
      remedy: "Check the operators: eigenvalue 1 of their sum must be simple",
    });
  }
  return vector.map((value) => (Math.abs(value / norm) < 1e-14 ? 0 : value / norm));
}

/** The closed classes of a chain whose steps are the entries above `least`. */
function closedClasses(net: Float64Array, d: number, least: number): readonly (readonly number[])[] {
  const steps: { readonly from: number; readonly to: number }[] = [];
  for (let from = 0, at = 0; from < d; from++) {
    for (let to = 0; to < d; to++, at++) if ((net[at] ?? 0) > least) steps.push({ from, to });
  }
  return recurrentClasses(new Array<boolean>(d).fill(true), steps).classes;
}

/**
 * The one stationary distribution of a hidden Markov model, from its net operator: zero outside the one closed class, and there
 * to full relative precision. Steps of probability up to 1e-12 do not make two classes one.
 */
export function stationaryOfChain(source: string, net: Float64Array, d: number, remedy: string): Float64Array {
  const { length: dimension } = closedClasses(net, d, IMPOSSIBLE);
  const [members = []] = closedClasses(net, d, 0);
  if (dimension !== 1) {
    throw new NonUniqueStationaryStateError({
      source,
      problem: `the stationary states form a space of dimension ${dimension}`,
      remedy,
      dimension,
    });
  }
  const own = members.length;
  const within = new Float64Array(own * own);
  members.forEach((from, i) => {
    members.forEach((to, j) => {
      within[i * own + j] = net[from * d + to] ?? 0;
    });
  });
  const stationary = new Float64Array(d);
  stationaryDistribution(within, own).forEach((value, i) => {
    stationary[members[i] ?? 0] = value;
  });
  return stationary;
}

/** The one right fixed vector of `net`, scaled to sum `d`; all ones whenever `T 1 = 1`. */
export function rightFixedVector(source: string, net: Float64Array, stateDim: number): Float64Array {
  const basis = nullSpace(minusIdentity(net, stateDim, false), stateDim, NULL_TOLERANCE);
  const [vector] = basis;
  const sum = vector?.reduce((total, value) => total + value, 0) ?? 0;
  if (vector === undefined || basis.length > 1 || Math.abs(sum) < TINY) {
    throw new NotNormalizedError({
      source,
      problem:
        basis.length === 1
          ? "the right fixed vector of the sum of the operators sums to 0"
          : `the sum of the operators has ${basis.length} independent right fixed vectors, and (1, ..., 1) is not one`,
      remedy: "Pass normalizer, with T w = w (divide the operators by the leading eigenvalue of their sum first)",
    });
  }
  return vector.map((value) => (value / sum) * stateDim);
}

/**
 * The stationary state `pi T = pi`, `pi . w = 1`: of an HMM by elimination without subtractions, of others from the null space
 * of `T^T - I`.
 *
 * @returns `[d]`
 * @throws NonUniqueStationaryStateError if the fixed space has another dimension than one (the error carries it): a process
 * made of several closed blocks has one stationary state per block and no default
 * @throws NotNormalizedError if the fixed vector is orthogonal to `w`
 * @example
 * ```ts
 * import { evenOnes, stationaryState } from "@semifactor/ghmm";
 *
 * const pi = stationaryState(evenOnes({ p: 0.5 }));
 * expect(pi[0]).toBeCloseTo(2 / 3, 12);
 * expect(pi[1]).toBeCloseTo(1 / 3, 12);
 * ```
 */
export function stationaryState(process: Process): Float64Array {
  const source = "stationaryState";
  const { stateDim, normalizer, certificate } = process;
  const net = netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    stateDim,
  );
  const remedy = "Choose a mixture of the blocks' stationary states yourself";
  return certificate.kind === "hmm"
    ? stationaryOfChain(source, net, stateDim, remedy)
    : leftFixedVector(source, net, normalizer, remedy);
}
