import { changeBasis, createKey, foldIn, normal, type Process, singularValueDecomposition } from "@semifactor/ghmm";

/** An orthogonal matrix, row-major `[d, d]`: the singular vectors of a matrix of normal numbers. */
function orthogonal(d: number, seed: number): Float64Array {
  return singularValueDecomposition(normal(foldIn(createKey(seed), d), d * d), [d, d]).left;
}

/** A random invertible matrix with the given condition number, as rows: singular values in geometric progression. */
export function randomSimilarity(d: number, condition: number, seed: number): readonly Float64Array[] {
  const [left, right] = [orthogonal(d, 2 * seed), orthogonal(d, 2 * seed + 1)];
  return Array.from({ length: d }, (_, row) =>
    Float64Array.from({ length: d }, (_, column) => {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        const value = condition ** (d === 1 ? 0 : k / (d - 1));
        sum += (left[row * d + k] ?? 0) * value * (right[column * d + k] ?? 0);
      }
      return sum;
    }),
  );
}

/** The process in random coordinates of the given condition number. */
export function scrambled(process: Process, condition: number, seed: number): Process {
  return changeBasis(process, randomSimilarity(process.stateDim, condition, seed));
}
