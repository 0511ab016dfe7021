import { type Key, NotConvergedError, singularValueDecomposition, UnsupportedError } from "@semifactor/ghmm";
import { multiply, solveLinearSystem } from "@semifactor/ghmm/internal";
import { genericElement, type InvariantSubspace, invariantSubspaces, unknowns } from "./generic-element.ts";
import { addEquation, noEquations } from "./row-compression.ts";
import { frobenius, identity } from "./spectral-split.ts";

/** Matrices that commute with given operators. */
export interface Commutant {
  /** A basis, each row-major `[d, d]`; the one with the smallest commutators first. */
  readonly elements: readonly Float64Array[];
  /** `|X T - T X| / (|X| |T|)` of the basis and of the combinations beyond it, ascending. */
  readonly singularValues: Float64Array;
}

export interface CommutantOptions {
  readonly source: string;
  readonly tolerance: number;
  /** Takes this many elements, whatever their commutators. */
  readonly dimension: number | undefined;
  readonly key: Key;
}

/** The spectrum of the generic element is cut no finer than for this many unknowns, or so many for each state. */
const FEW_UNKNOWNS = 36;
const FEW_PER_STATE = 2.25;
/** The same for noisy operators: the element commutes with the operators' commutant up to the noise over the gaps it is cut at. */
const FEW_NOISY_UNKNOWNS = 144;
/** Operators with a tolerance above this are noisy. */
const NOISY = 1e-7;
/** More are refused: the decomposition would take minutes. */
const MOST_UNKNOWNS = 640;
/** Largest part of the generic element between its invariant subspaces, relative to it. */
const LARGEST_MIXING = 1e-7;

/**
 * Matrices that commute with all operators, by least squares.
 *
 * Such a matrix commutes with a generic element of the operators' algebra, so that it is block diagonal in that element's invariant
 * subspaces, which leaves the sum of their squared dimensions as unknowns instead of `d^2`. The commutator equations of these are
 * compressed to a triangular factor, and decomposed.
 */
export function commutant(operators: readonly Float64Array[], d: number, options: CommutantOptions): Commutant {
  const { source, key } = options;
  const element = genericElement(operators, d, key);
  const noisy = options.dimension !== undefined || options.tolerance > NOISY;
  const few = Math.max(noisy ? FEW_NOISY_UNKNOWNS : FEW_UNKNOWNS, FEW_PER_STATE * d);
  const subspaces = invariantSubspaces(element, d, few);
  const count = unknowns(subspaces);
  if (count > MOST_UNKNOWNS) {
    throw new UnsupportedError({
      source,
      problem: `the equations of the ${d} x ${d} commutant have ${count} unknowns: the operators repeat too many eigenvalues`,
      remedy: `Reduce the process by minimalRealization first, or give one with fewer identical blocks; ${MOST_UNKNOWNS} unknowns are supported`,
    });
  }
  const basis = new Float64Array(d * d);
  const offsets: number[] = [];
  let offset = 0;
  for (const { columns, size } of subspaces) {
    for (let row = 0; row < d; row++) basis.set(columns.subarray(row * size, (row + 1) * size), row * d + offset);
    offsets.push(offset);
    offset += size;
  }
  const inverse = subspaces.length === 1 ? identity(d) : solveLinearSystem(basis, d, identity(d));
  const turned = (m: Float64Array): Float64Array =>
    subspaces.length === 1 ? m : multiply(multiply(inverse, m, d), basis, d);
  checkSubspaces(source, turned(element), subspaces, offsets);

  const inBasis = operators.map(turned);
  const scale = Math.sqrt(inBasis.reduce((sum, m) => sum + frobenius(m) ** 2, 0) / d) || 1;
  const starts: number[] = [];
  subspaces.reduce((at, { size }) => {
    starts.push(at);
    return at + size * size;
  }, 0);
  const factor = noEquations(count);
  subspaces.forEach(({ size: m }, k) => {
    subspaces.slice(k).forEach(({ size: n }, i) => {
      const l = k + i;
      const own = k === l ? m * m : m * m + n * n;
      const local = noEquations(own);
      for (const operator of inBasis) {
        const upper = blockOf(operator, d, offsets[k] ?? 0, m, offsets[l] ?? 0, n, scale);
        addCommutator(local, upper, m, n, 0, k === l ? 0 : m * m);
        if (k === l) continue;
        const lower = blockOf(operator, d, offsets[l] ?? 0, n, offsets[k] ?? 0, m, scale);
        addCommutator(local, lower, n, m, m * m, 0);
      }
      for (let row = 0; row < own; row++) {
        const equation = new Float64Array(count);
        equation.set(local.subarray(row * own, row * own + m * m), starts[k] ?? 0);
        if (k !== l) equation.set(local.subarray(row * own + m * m, (row + 1) * own), starts[l] ?? 0);
        addEquation(factor, equation);
      }
    });
  });
  const { values, right } = singularValueDecomposition(factor, [count, count]);
  const singularValues = values.toReversed();
  const dimension =
    options.dimension ?? Math.max(1, singularValues.filter((value) => value <= options.tolerance).length);
  const elements = Array.from({ length: Math.min(dimension, count) }, (_, index) => {
    const diagonal = new Float64Array(d * d);
    subspaces.forEach(({ size }, k) => {
      for (let i = 0; i < size * size; i++) {
        const [row, column] = [Math.floor(i / size), i % size];
        diagonal[((offsets[k] ?? 0) + row) * d + (offsets[k] ?? 0) + column] =
          right[((starts[k] ?? 0) + i) * count + count - 1 - index] ?? 0;
      }
    });
    return subspaces.length === 1 ? diagonal : multiply(multiply(basis, diagonal, d), inverse, d);
  });
  return { elements, singularValues };
}

/** Throws unless the generic element is block diagonal in its invariant subspaces. */
function checkSubspaces(
  source: string,
  element: Float64Array,
  subspaces: readonly InvariantSubspace[],
  offsets: readonly number[],
): void {
  const d = subspaces.reduce((sum, { size }) => sum + size, 0);
  const inside = subspaces.reduce((sum, { size }, k) => {
    const from = offsets[k] ?? 0;
    return sum + frobenius(blockOf(element, d, from, size, from, size, 1)) ** 2;
  }, 0);
  const mixing = Math.sqrt(Math.max(0, frobenius(element) ** 2 - inside));
  if (mixing <= LARGEST_MIXING * Math.max(1, frobenius(element))) return;
  throw new NotConvergedError({
    source,
    problem: `invariant subspaces of a generic element of the algebra are found only to ${mixing}`,
    remedy: "Change to a better conditioned basis, or give another key",
  });
}

/** `[m, n]` block of a matrix, divided by `scale`. */
function blockOf(
  matrix: Float64Array,
  d: number,
  row: number,
  m: number,
  column: number,
  n: number,
  scale: number,
): Float64Array {
  return Float64Array.from(
    { length: m * n },
    (_, i) => (matrix[(row + Math.floor(i / n)) * d + column + (i % n)] ?? 0) / scale,
  );
}

/** Adds the equations `X T - T Y = 0` for a block `T`, `[m, n]`, with the unknowns of `X` from `x` on and those of `Y` from `y` on. */
function addCommutator(factor: Float64Array, block: Float64Array, m: number, n: number, x: number, y: number): void {
  const count = Math.round(Math.sqrt(factor.length));
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < n; b++) {
      const equation = new Float64Array(count);
      for (let c = 0; c < m; c++) equation[x + a * m + c] = (equation[x + a * m + c] ?? 0) + (block[c * n + b] ?? 0);
      for (let c = 0; c < n; c++) equation[y + c * n + b] = (equation[y + c * n + b] ?? 0) - (block[a * n + c] ?? 0);
      addEquation(factor, equation);
    }
  }
}
