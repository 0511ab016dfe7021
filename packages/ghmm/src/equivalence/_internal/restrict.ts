import { dot } from "../../numeric/matrix.ts";
import type { LinearMaps } from "./krylov-basis.ts";

/** Maps restricted to a subspace that they keep. */
export interface Restriction {
  /** `[k, k]` for each token, row `i` the image of basis vector `i` in the basis. */
  readonly matrices: readonly Float64Array[];
  /** Length of the part of an image that leaves the subspace, the largest of all. */
  readonly residual: number;
}

/** The maps in an orthonormal basis of a subspace that they keep. */
export function restrict(maps: LinearMaps, basis: readonly Float64Array[]): Restriction {
  const k = basis.length;
  const image = new Float64Array(basis[0]?.length ?? 0);
  let residual = 0;
  const matrices = Array.from({ length: maps.tokens }, (_, token) => {
    const matrix = new Float64Array(k * k);
    basis.forEach((vector, i) => {
      maps.apply(vector, token, image);
      basis.forEach((unit, j) => {
        const entry = dot(image, unit);
        matrix[i * k + j] = entry;
        for (let s = 0; s < image.length; s++) image[s] = (image[s] ?? 0) - entry * (unit[s] ?? 0);
      });
      residual = Math.max(residual, Math.sqrt(dot(image, image)));
    });
    return matrix;
  });
  return { matrices, residual };
}
