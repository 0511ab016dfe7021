import {
  foldIn,
  type Key,
  NotConvergedError,
  normal,
  singularValueDecomposition,
  UnsupportedError,
} from "@semifactor/ghmm";
import { multiply, solveLinearSystem } from "@semifactor/ghmm/internal";
import { addEquation, noEquations } from "./row-compression.ts";
import { columnsOf, frobenius, identity, type SpectralGap, spectralGaps, splitSpectrum } from "./spectral-split.ts";

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

/** An invariant subspace of the generic element: columns `[d, size]`, and the element in them, `[size, size]`. */
interface Cluster {
  readonly columns: Float64Array;
  readonly matrix: Float64Array;
  readonly size: number;
  gaps: readonly SpectralGap[] | undefined;
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
/** Relative gap below which two eigenvalues stay together. */
const LEAST_GAP = 1e-5;
/** Largest part of the generic element between its invariant subspaces, relative to it. */
const LARGEST_MIXING = 1e-7;

/** A random element of the algebra of the operators: words of one, two and three letters. */
export function genericElement(operators: readonly Float64Array[], d: number, key: Key): Float64Array {
  const letter = (index: number): Float64Array => {
    const weights = normal(foldIn(key, index), operators.length);
    const sum = new Float64Array(d * d);
    operators.forEach((operator, x) => {
      const weight = weights[x] ?? 0;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (operator[i] ?? 0);
    });
    return unitScale(sum, d);
  };
  const [a, b, c] = [letter(0), letter(1), letter(2)];
  const two = unitScale(multiply(b, c, d), d);
  const three = unitScale(multiply(multiply(c, a, d), b, d), d);
  return unitScale(
    a.map((value, i) => value + (two[i] ?? 0) + (three[i] ?? 0)),
    d,
  );
}

/** Divides by the root of the mean square of the rows' lengths; leaves zero alone. */
function unitScale(m: Float64Array, d: number): Float64Array {
  const scale = frobenius(m) / Math.sqrt(d);
  return scale === 0 ? m : m.map((value) => value / scale);
}

const unknowns = (clusters: readonly Cluster[]): number => clusters.reduce((sum, { size }) => sum + size * size, 0);

/** Cuts the spectrum at its widest gaps until the unknowns are few, or no gap is left. */
function cluster(element: Float64Array, d: number, few: number): readonly Cluster[] {
  let clusters: readonly Cluster[] = [{ columns: identity(d), matrix: element, size: d, gaps: undefined }];
  const worth = ({ width, left }: SpectralGap, size: number): number => width * Math.min(left, size - left);
  while (unknowns(clusters) > few) {
    let best: { readonly one: Cluster; readonly gap: SpectralGap; readonly worth: number } | undefined;
    for (const one of clusters) {
      one.gaps ??= one.size < 2 ? [] : spectralGaps(one.matrix, one.size).filter(({ width }) => width > LEAST_GAP);
      for (const gap of one.gaps) {
        const value = worth(gap, one.size);
        if (best === undefined || value > best.worth) best = { one, gap, worth: value };
      }
    }
    if (best === undefined) break;
    const { one, gap } = best;
    const n = one.size;
    const split = splitSpectrum(one.matrix, n, gap);
    if (split === undefined) {
      one.gaps = one.gaps?.filter((other) => other !== gap);
      continue;
    }
    const [columns, matrix] = [
      multiply(one.columns, split.basis, n),
      multiply(multiply(split.inverse, one.matrix, n), split.basis, n),
    ];
    const part = (from: number, to: number): Cluster => ({
      columns: columnsOf(columns, n, from, to),
      matrix: columnsOf(matrix.subarray(from * n, to * n), n, from, to),
      size: to - from,
      gaps: undefined,
    });
    clusters = clusters.flatMap((other) => (other === one ? [part(0, split.first), part(split.first, n)] : [other]));
  }
  return clusters;
}

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
  const clusters = cluster(element, d, few);
  const count = unknowns(clusters);
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
  for (const { columns, size } of clusters) {
    for (let row = 0; row < d; row++) basis.set(columns.subarray(row * size, (row + 1) * size), row * d + offset);
    offsets.push(offset);
    offset += size;
  }
  const inverse = clusters.length === 1 ? identity(d) : solveLinearSystem(basis, d, identity(d));
  const turned = (m: Float64Array): Float64Array =>
    clusters.length === 1 ? m : multiply(multiply(inverse, m, d), basis, d);
  checkClusters(source, turned(element), clusters, offsets);

  const inBasis = operators.map(turned);
  const scale = Math.sqrt(inBasis.reduce((sum, m) => sum + frobenius(m) ** 2, 0) / d) || 1;
  const starts: number[] = [];
  clusters.reduce((at, { size }) => {
    starts.push(at);
    return at + size * size;
  }, 0);
  const factor = noEquations(count);
  clusters.forEach(({ size: m }, k) => {
    clusters.slice(k).forEach(({ size: n }, i) => {
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
    clusters.forEach(({ size }, k) => {
      for (let i = 0; i < size * size; i++) {
        const [row, column] = [Math.floor(i / size), i % size];
        diagonal[((offsets[k] ?? 0) + row) * d + (offsets[k] ?? 0) + column] =
          right[((starts[k] ?? 0) + i) * count + count - 1 - index] ?? 0;
      }
    });
    return clusters.length === 1 ? diagonal : multiply(multiply(basis, diagonal, d), inverse, d);
  });
  return { elements, singularValues };
}

/** Throws unless the generic element is block diagonal in its invariant subspaces. */
function checkClusters(
  source: string,
  element: Float64Array,
  clusters: readonly Cluster[],
  offsets: readonly number[],
): void {
  const d = clusters.reduce((sum, { size }) => sum + size, 0);
  const inside = clusters.reduce((sum, { size }, k) => {
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
