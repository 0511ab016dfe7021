import { dot } from "../../numeric/matrix.ts";

/** Vectors of length `d` and the linear maps, one per token, that a Krylov space is closed under. */
export interface LinearMaps {
  readonly tokens: number;
  /** Frobenius norm of the map of each token. */
  readonly norms: ArrayLike<number>;
  /** Writes the image of `vector` to `out`, which is another array. */
  apply(vector: Float64Array, token: number, out: Float64Array): void;
}

/** A vector of the basis, and the word that led to it. */
export interface KrylovVector {
  readonly vector: Float64Array;
  readonly token: number;
  readonly parent: KrylovVector | undefined;
  /** Bound on the part of the vector that is rounding. */
  readonly noise: number;
}

/** The tokens from the start to a vector, in the order of application. */
export function pathOf(node: KrylovVector | undefined): readonly number[] {
  const path: number[] = [];
  for (let at = node; at?.parent !== undefined; at = at.parent) path.push(at.token);
  return path.reverse();
}

/** Takes the span of the basis out of the vector, twice (once is not enough for nearly dependent vectors); returns the norm left. */
function orthogonalize(basis: readonly KrylovVector[], vector: Float64Array): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const { vector: unit } of basis) {
      const overlap = dot(unit, vector);
      for (let s = 0; s < vector.length; s++) vector[s] = (vector[s] ?? 0) - overlap * (unit[s] ?? 0);
    }
  }
  return Math.sqrt(dot(vector, vector));
}

/**
 * Orthonormal basis of the smallest space that contains `start` and is closed under the maps, grown breadth-first: each basis
 * vector is mapped by each token once, so no more than `dimension * tokens` images are made.
 *
 * An image counts as new when what is left of it is longer than `tolerance` times the norm of its map, and longer than what
 * rounding of the vector it comes from can explain. `visit` sees every image, in order of its word (shorter first, then
 * lexicographic), before it is made orthogonal; where it returns true, the search ends.
 */
export function krylovBasis(
  start: Float64Array,
  maps: LinearMaps,
  tolerance: number,
  visit?: (image: Float64Array, parent: KrylovVector, token: number) => boolean,
): readonly KrylovVector[] {
  const d = start.length;
  const rounding = Number.EPSILON * Math.sqrt(d);
  const length = Math.sqrt(dot(start, start));
  if (length === 0) return [];
  const basis: KrylovVector[] = [
    { vector: start.map((value) => value / length), token: -1, parent: undefined, noise: rounding },
  ];
  const image = new Float64Array(d);
  for (let next = 0; next < basis.length && (visit !== undefined || basis.length < d); next++) {
    const parent = basis[next];
    if (parent === undefined) break;
    for (let token = 0; token < maps.tokens; token++) {
      maps.apply(parent.vector, token, image);
      if (visit?.(image, parent, token)) return basis;
      const norm = maps.norms[token] ?? 0;
      if (basis.length === d || norm === 0) continue;
      const left = orthogonalize(basis, image);
      if (!(left > norm * Math.max(tolerance, 4 * parent.noise))) continue;
      const noise = (norm * (parent.noise + rounding)) / left;
      basis.push({ vector: image.map((value) => value / left), token, parent, noise });
    }
  }
  return basis;
}
