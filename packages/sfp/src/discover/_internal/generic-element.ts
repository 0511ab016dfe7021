import { foldIn, type Key, normal } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { columnsOf, frobenius, identity, type SpectralGap, spectralGaps, splitSpectrum } from "./spectral-split.ts";

/** An invariant subspace of the generic element: columns `[d, size]`, and the element in them, `[size, size]`. */
export interface InvariantSubspace {
  readonly columns: Float64Array;
  readonly matrix: Float64Array;
  readonly size: number;
  /** Gaps of its spectrum that are still to be tried, once they are known. */
  gaps: readonly SpectralGap[] | undefined;
}

/** Relative gap below which two eigenvalues stay together. */
const LEAST_GAP = 1e-5;

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

/** Number of entries of a matrix that is block diagonal in the subspaces. */
export const unknowns = (subspaces: readonly InvariantSubspace[]): number =>
  subspaces.reduce((sum, { size }) => sum + size * size, 0);

/** Cuts the spectrum at its widest gaps until the unknowns are few, or no gap is left. */
export function invariantSubspaces(element: Float64Array, d: number, few: number): readonly InvariantSubspace[] {
  let subspaces: readonly InvariantSubspace[] = [{ columns: identity(d), matrix: element, size: d, gaps: undefined }];
  const worth = ({ width, left }: SpectralGap, size: number): number => width * Math.min(left, size - left);
  while (unknowns(subspaces) > few) {
    let best: { readonly one: InvariantSubspace; readonly gap: SpectralGap; readonly worth: number } | undefined;
    for (const one of subspaces) {
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
    const part = (from: number, to: number): InvariantSubspace => ({
      columns: columnsOf(columns, n, from, to),
      matrix: columnsOf(matrix.subarray(from * n, to * n), n, from, to),
      size: to - from,
      gaps: undefined,
    });
    subspaces = subspaces.flatMap((other) => (other === one ? [part(0, split.first), part(split.first, n)] : [other]));
  }
  return subspaces;
}
