import { type SingularValues, singularValueDecomposition } from "../../numeric/decompose.ts";

/** Joint frequencies of the words before and after a point, `[words, words]`, and of each alone, `[words]`. */
export interface PastAndFuture {
  readonly joint: Float64Array;
  readonly past: Float64Array;
  readonly future: Float64Array;
}

/** Frequencies of `uv` over all words `u`, `v` of a length, from both ends of the windows `uxv`. */
export function pastAndFuture(frequencies: Float64Array, size: number, words: number): PastAndFuture {
  const joint = new Float64Array(words * words);
  frequencies.forEach((frequency, code) => {
    if (frequency === 0) return;
    const first = Math.floor(code / size);
    const last = code % (words * words);
    joint[first] = (joint[first] ?? 0) + frequency / 2;
    joint[last] = (joint[last] ?? 0) + frequency / 2;
  });
  const past = new Float64Array(words);
  const future = new Float64Array(words);
  joint.forEach((frequency, code) => {
    const [u, v] = [Math.floor(code / words), code % words];
    past[u] = (past[u] ?? 0) + frequency;
    future[v] = (future[v] ?? 0) + frequency;
  });
  return { joint, past, future };
}

/** `P(uv) - P(u) P(v)`. */
function covariance({ joint, past, future }: PastAndFuture): Float64Array {
  const words = past.length;
  return joint.map((frequency, i) => frequency - (past[Math.floor(i / words)] ?? 0) * (future[i % words] ?? 0));
}

/** Singular values of a covariance over `sqrt(P(u) P(v))`; words that do not occur have none. */
function decompose(values: Float64Array, { past, future }: PastAndFuture): SingularValues {
  const words = past.length;
  const scaled = values.map((value, i) => {
    const weight = (past[Math.floor(i / words)] ?? 0) * (future[i % words] ?? 0);
    return weight === 0 ? 0 : value / Math.sqrt(weight);
  });
  return singularValueDecomposition(scaled, [words, words]);
}

/** The canonical correlations of past and future words, without the constant one. */
export function canonicalCorrelations(whole: PastAndFuture): SingularValues {
  return decompose(covariance(whole), whole);
}

/**
 * The largest singular value that sampling noise explains: that of half the difference of two halves of the data, in which the
 * process cancels and the noise has the size that it has in the whole.
 */
export function noiseOfHalves(whole: PastAndFuture, first: PastAndFuture, second: PastAndFuture): number {
  const other = covariance(second);
  const difference = covariance(first).map((value, i) => (value - (other[i] ?? 0)) / 2);
  return decompose(difference, whole).values[0] ?? 0;
}
