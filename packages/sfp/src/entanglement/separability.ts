import { singularValueDecomposition } from "@semifactor/ghmm";
import { fromCorrelations, hermitianCorrelations } from "./_internal/hermitian-correlations.ts";
import { hermitianEigen, hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { DENSITY_TOLERANCE, readDensityOfFactors } from "./_internal/read-density.ts";
import type { Square } from "./_internal/square.ts";
import type { ComplexMatrix, DensityMatrix, DensityOptions, Dimensions } from "./density-matrix.ts";
import { traceOut } from "./partial-trace.ts";
import { transposeSide } from "./partial-transpose.ts";

/** A Hermitian operator that proves entanglement: `tr(W sigma) >= 0` for every separable `sigma`. */
export interface EntanglementWitness {
  /** `W`, `[dA * dC, dA * dC]`. */
  readonly operator: ComplexMatrix<Float64Array>;
  /** `tr(W rho)`, negative. */
  readonly value: number;
}

/** What decided about a state. */
export type SeparabilityCriterion =
  | "partial-transpose"
  | "realignment"
  | "product"
  | "classical"
  | "purity"
  | "low-rank"
  | "none";

/** The answer of {@link separability}. */
export interface Separability {
  readonly verdict: "separable" | "entangled" | "undecided";
  /** The criterion that decided; `none` if none did. */
  readonly criterion: SeparabilityCriterion;
  /** For entangled states: an operator whose mean is negative. */
  readonly witness: EntanglementWitness | null;
  /** The criterion in words, with its numbers. */
  readonly reason: string;
}

/** `|v><v|^T_C` of the eigenvector of the smallest eigenvalue of the partial transpose: its mean is that eigenvalue. */
function transposeWitness(transposed: Square, dimensions: Dimensions): EntanglementWitness {
  const { n } = transposed;
  const { values, vectors } = hermitianEigen(transposed);
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [vectors.re[i * n + n - 1] ?? 0, vectors.im?.[i * n + n - 1] ?? 0];
      const [c, d] = [vectors.re[j * n + n - 1] ?? 0, vectors.im?.[j * n + n - 1] ?? 0];
      re[i * n + j] = a * c + b * d;
      im[i * n + j] = b * c - a * d;
    }
  }
  const turned = transposeSide({ n, re, im }, dimensions, "second");
  return { operator: { re: turned.re, im: turned.im ?? im }, value: values[n - 1] ?? 0 };
}

/** The norm of the realignment and `I - sum_k G_k (x) H_k` over its singular vectors, whose mean is one minus the norm. */
function realignmentWitness(square: Square, dimensions: Dimensions): { norm: number; witness: EntanglementWitness } {
  const [rows, columns] = [dimensions[0] ** 2, dimensions[1] ** 2];
  const correlations = hermitianCorrelations(square, dimensions);
  const { left, values, right } = singularValueDecomposition(correlations, [rows, columns]);
  const k = values.length;
  const unitary = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += (left[i * k + l] ?? 0) * (right[j * k + l] ?? 0);
      unitary[i * columns + j] = sum;
    }
  }
  const { re, im } = fromCorrelations(unitary, dimensions);
  const n = square.n;
  const norm = values.reduce((sum, value) => sum + value, 0);
  const operator = {
    re: re.map((value, at) => (at % (n + 1) === 0 ? 1 : 0) - value),
    im: im.map((value) => -value),
  };
  let trace = 0;
  for (let i = 0; i < n; i++) trace += square.re[i * n + i] ?? 0;
  return { norm, witness: { operator, value: trace - norm } };
}

/** Largest entry of `rho - rho_A (x) rho_C`. */
function distanceFromProduct(square: Square, dimensions: Dimensions): number {
  const [first, second] = [traceOut(square, dimensions, "first"), traceOut(square, dimensions, "second")];
  const [dA, dC] = dimensions;
  let largest = 0;
  for (let i = 0; i < square.n; i++) {
    for (let j = 0; j < square.n; j++) {
      const [p, q] = [Math.floor(i / dC) * dA + Math.floor(j / dC), (i % dC) * dC + (j % dC)];
      const [a, b, c, d] = [first.re[p] ?? 0, first.im?.[p] ?? 0, second.re[q] ?? 0, second.im?.[q] ?? 0];
      const at = i * square.n + j;
      const difference = Math.hypot((square.re[at] ?? 0) - a * c + b * d, (square.im?.[at] ?? 0) - a * d - b * c);
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}

/** Largest entry between two different coordinates of one factor: zero if that factor is classical. */
function coherence({ n, re, im }: Square, label: (state: number) => number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (label(i) === label(j)) continue;
      largest = Math.max(largest, Math.hypot(re[i * n + j] ?? 0, im?.[i * n + j] ?? 0));
    }
  }
  return largest;
}

/**
 * Decides whether a state of two factors is separable, a mixture of products, where a criterion is known to: there is no general test
 * that is practical, and `undecided` says so.
 *
 * Entangled, with a witness: a negative eigenvalue of the partial transpose (`partial-transpose`), or realignment with a sum of
 * singular values above one (`realignment`), which finds entangled states of positive partial transpose. Separable: no negative
 * eigenvalue in 2 x 2, 2 x 3, 3 x 2 or with a factor of dimension 1 (`partial-transpose`); `rho = rho_A (x) rho_C` (`product`);
 * one factor diagonal in its coordinates, as of `diag(b)` (`classical`); purity `tr rho^2` at most `1 / (d - 1)`, the ball around
 * `I / d` (`purity`); positive partial transpose and rank at most that of the larger of `rho_A` and `rho_C` (`low-rank`). All hold
 * up to the tolerance.
 *
 * @param rho - density matrix `[dA * dC, dA * dC]`
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue
 * @throws NotNormalizedError if the trace is not one; ShapeError if the dimensions do not multiply to the number of rows
 * @example
 * ```ts
 * import { diagonalState, pureDensity, separability } from "@semifactor/sfp";
 *
 * const bell = separability(pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]), [2, 2]);
 * expect([bell.verdict, bell.criterion]).toEqual(["entangled", "partial-transpose"]);
 * expect(bell.witness?.value).toBeCloseTo(-0.5, 14);
 * const diagonal = diagonalState([0.5, 0, 0, 0, 0.25, 0, 0, 0, 0.25]);
 * expect(separability(diagonal, [3, 3]).verdict).toBe("separable");
 * ```
 *
 * Source: Peres (1996) and the Horodeckis (1996) for the partial transpose; Chen and Wu (2003) and Rudolph (2005) for realignment;
 * Gurvits and Barnum, Phys. Rev. A 66, 062311 (2002) for the ball; P. Horodecki et al., Phys. Rev. A 62, 032310 (2000) for low rank.
 */
export function separability(rho: DensityMatrix, dimensions: Dimensions, options: DensityOptions = {}): Separability {
  const { tolerance = DENSITY_TOLERANCE } = options;
  const square = readDensityOfFactors("separability", rho, dimensions, options);
  const [dA, dC] = dimensions;
  const { n } = square;
  const transposed = transposeSide(square, dimensions, "second");
  const smallest = hermitianEigenvalues(transposed)[n - 1] ?? 0;
  const entangled = (criterion: SeparabilityCriterion, witness: EntanglementWitness, reason: string): Separability => {
    return { verdict: "entangled", criterion, witness, reason };
  };
  const separable = (criterion: SeparabilityCriterion, reason: string): Separability => {
    return { verdict: "separable", criterion, witness: null, reason };
  };
  if (smallest < -tolerance) {
    const reason = `the partial transpose has the negative eigenvalue ${smallest}`;
    return entangled("partial-transpose", transposeWitness(transposed, dimensions), reason);
  }
  if (n <= 6 || dA === 1 || dC === 1) {
    return separable(
      "partial-transpose",
      `the partial transpose has no negative eigenvalue (smallest ${smallest}), which decides in ${dA} x ${dC} dimensions`,
    );
  }
  const { norm, witness } = realignmentWitness(square, dimensions);
  if (norm > 1 + tolerance) {
    return entangled(
      "realignment",
      witness,
      `the singular values of the realignment sum to ${norm}, above 1, though the partial transpose is positive`,
    );
  }
  const distance = distanceFromProduct(square, dimensions);
  if (distance <= tolerance) return separable("product", `rho differs from rho_A (x) rho_C by ${distance} at most`);
  const coherences = [coherence(square, (s) => Math.floor(s / dC)), coherence(square, (s) => s % dC)] as const;
  if (Math.min(...coherences) <= tolerance) {
    const which = coherences[0] <= tolerance ? "first" : "second";
    return separable("classical", `the ${which} factor is diagonal: rho is a mixture of its states and the other's`);
  }
  const purity = square.re.reduce((sum, value, at) => sum + value ** 2 + (square.im?.[at] ?? 0) ** 2, 0);
  if (purity <= 1 / (n - 1)) return separable("purity", `tr rho^2 is ${purity}, at most 1 / ${n - 1}`);
  const rankOf = (state: Square): number => hermitianEigenvalues(state).filter((value) => value > tolerance).length;
  const rank = rankOf(square);
  const local = [traceOut(square, dimensions, "first"), traceOut(square, dimensions, "second")].map(rankOf);
  if (rank <= Math.max(...local)) {
    return separable(
      "low-rank",
      `the partial transpose is positive and rho has rank ${rank}, its factors ${local.join(" and ")}`,
    );
  }
  return {
    verdict: "undecided",
    criterion: "none",
    witness: null,
    reason: `the partial transpose is positive, realignment gives ${norm}, and no criterion of separability applies (purity ${purity}, rank ${rank})`,
  };
}
