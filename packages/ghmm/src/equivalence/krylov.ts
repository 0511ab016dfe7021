import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { kroneckerVector } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { netOperator, TOLERANCE } from "../process/validate.ts";
import { krylovBasis } from "./_internal/krylov-basis.ts";
import { operatorMaps } from "./_internal/operator-maps.ts";

/** Options of {@link forwardSpace} and {@link backwardSpace}. */
export interface KrylovOptions {
  /** What is left of `q T^x` outside the space, as a fraction of the norm of `T^x`, up to which it counts as nothing; 1e-10. */
  readonly tolerance?: number;
}

/** A subspace of the state space. */
export interface KrylovSpace {
  readonly dimension: number;
  /** Orthonormal vectors `[d]`, as many as the space has dimensions. */
  readonly basis: readonly Float64Array[];
}

/** Numbers in a basis: 256 MiB. */
const LARGEST_BASIS = 2 ** 25;

/** The relative tolerance of ranks, checked. */
export function readTolerance(source: string, tolerance = 1e-10): number {
  if (tolerance > 0 && tolerance < 1) return tolerance;
  throw new InvalidArgumentError({
    source,
    problem: `tolerance is ${tolerance}`,
    remedy: "Give a number between 0 and 1, such as 1e-10",
  });
}

const spaceOf = (basis: readonly Float64Array[]): KrylovSpace => ({ dimension: basis.length, basis });

/** Throws where a basis of the whole space would not fit. */
function checkSize(source: string, { stateDim }: Process): void {
  if (stateDim ** 2 <= LARGEST_BASIS) return;
  throw new UnsupportedError({
    source,
    problem: `the process has ${stateDim} states`,
    remedy: `Spaces are computed for at most ${Math.floor(Math.sqrt(LARGEST_BASIS))} states`,
  });
}

/** Whether `eta0 T = eta0`. */
export function startsStationary(process: Process): boolean {
  const d = process.stateDim;
  const net = netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    d,
  );
  return process.initial.every((value, j) => {
    const after = process.initial.reduce((sum, weight, i) => sum + weight * (net[i * d + j] ?? 0), 0);
    return Math.abs(after - value) <= TOLERANCE;
  });
}

/** The factors of a product whose vector `own` is the product of theirs. */
export function factorsOf(process: Process, own: "initial" | "normalizer"): readonly Process[] | undefined {
  if (process.storage?.kind !== "kronecker") return undefined;
  const { factors } = process.storage;
  const joint = factors.map((factor) => factor[own]).reduce(kroneckerVector);
  return process[own].every((value, s) => value === joint[s]) ? factors : undefined;
}

const productOf = (spaces: readonly KrylovSpace[]): KrylovSpace =>
  spaceOf(
    spaces
      .map(({ basis }) => basis)
      .reduce((joint, own) => joint.flatMap((a) => own.map((c) => kroneckerVector(a, c)))),
  );

/**
 * The space that beliefs span, `F = span { eta0 T^h : h a word }`.
 *
 * Grown breadth-first from `eta0`, with every basis vector multiplied by every operator once: `O(V d^2)` a dimension on top of the
 * products, instead of the `V^(d-1)` words of the definition. In a product of stationary factors it is the product of their spaces.
 *
 * @returns an orthonormal basis of row vectors; dimension `d` exactly if no linear function of beliefs but zero vanishes
 * @throws InvalidArgumentError if `tolerance` is not between 0 and 1
 * @throws UnsupportedError if the basis or the operators do not fit into memory
 * @example
 * ```ts
 * import { createHmm, forwardSpace } from "@semifactor/ghmm";
 *
 * const twoEqualCoins = createHmm({ operators: [[[0.3, 0], [0, 0.3]], [[0.7, 0], [0, 0.7]]], initial: [0.5, 0.5] });
 * expect(forwardSpace(twoEqualCoins).dimension).toBe(1); // no token tells them apart
 * ```
 */
export function forwardSpace(process: Process, options: KrylovOptions = {}): KrylovSpace {
  const tolerance = readTolerance("forwardSpace", options.tolerance);
  checkSize("forwardSpace", process);
  const factors = factorsOf(process, "initial");
  // eta T^h = sum_x eta T^(x h) makes the spaces of words of equal length grow with the length, so pairs of words suffice
  if (factors?.every(startsStationary)) return productOf(factors.map((factor) => forwardSpace(factor, options)));
  const maps = operatorMaps("forwardSpace", process, false);
  return spaceOf(krylovBasis(process.initial, maps, tolerance).map(({ vector }) => vector));
}

/**
 * The space that the probabilities of the future span, `B = span { T^h w : h a word }`: two beliefs have the same future exactly
 * if their difference is orthogonal to it.
 *
 * Grown as in {@link forwardSpace}; of a product it is the product of the factors' spaces, since `T w = w`.
 *
 * @returns an orthonormal basis of column vectors
 * @throws InvalidArgumentError if `tolerance` is not between 0 and 1
 * @throws UnsupportedError if the basis or the operators do not fit into memory
 * @example
 * ```ts
 * import { backwardSpace, mess3, zeroOneRandom } from "@semifactor/ghmm";
 *
 * expect(backwardSpace(zeroOneRandom({ p: 0.5 })).dimension).toBe(3);
 * expect(backwardSpace(mess3({ x: 0.15, a: 1 / 3 })).dimension).toBe(1); // tokens say nothing about states
 * ```
 */
export function backwardSpace(process: Process, options: KrylovOptions = {}): KrylovSpace {
  const tolerance = readTolerance("backwardSpace", options.tolerance);
  checkSize("backwardSpace", process);
  const factors = factorsOf(process, "normalizer");
  if (factors !== undefined) return productOf(factors.map((factor) => backwardSpace(factor, options)));
  const maps = operatorMaps("backwardSpace", process, true);
  return spaceOf(krylovBasis(process.normalizer, maps, tolerance).map(({ vector }) => vector));
}
