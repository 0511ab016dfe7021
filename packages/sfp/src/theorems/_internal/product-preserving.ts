import { createHmm, type Process, singularValueDecomposition } from "@semifactor/ghmm";
import { applied, kroneckerVector } from "@semifactor/ghmm/internal";

/** `s_2 / s_1` of a belief over two factors as a matrix: zero if and only if it is a product. */
export function secondSchmidtValue(belief: ArrayLike<number>, dimensions: readonly [number, number]): number {
  const [first = 0, second = 0] = singularValueDecomposition(belief, dimensions).values;
  return first === 0 ? 0 : second / first;
}

/** `e_i` and `e_i + e_j`: a quadratic form is zero if it is zero on these. */
const probes = (n: number): readonly Float64Array[] =>
  Array.from({ length: n * n }, (_, i) => {
    const probe = new Float64Array(n);
    probe[Math.floor(i / n)] = 1;
    probe[i % n] = 1;
    return probe;
  });

/**
 * How far an operator is from mapping every product to a product: the largest `s_2 / s_1` of the image of `a (x) c` over
 * `a in {e_i, e_i + e_j}` and `c` alike. The minors of the image are quadratic in `a` and in `c`, so zero here is zero everywhere.
 */
export function productDefect(operator: Float64Array, [dA, dC]: readonly [number, number]): number {
  const images = probes(dA).flatMap((a) => probes(dC).map((c) => applied(kroneckerVector(a, c), operator)));
  return Math.max(...images.map((image) => secondSchmidtValue(image, [dA, dC])));
}

/** `b -> (b Phi) (x) c0` on 2 x 3 states: operator-Schmidt rank three, and every image is a product (theory notes, T10). */
export const resetMap: Process = createHmm({
  operators: [
    [0.1, 0.5, 0.9, 0.2, 0.7, 0.4].map((p) => [0.2 * (1 - p), 0.3 * (1 - p), 0.5 * (1 - p), 0.2 * p, 0.3 * p, 0.5 * p]),
  ],
  initial: kroneckerVector([0.9, 0.1], [0.6, 0.3, 0.1]),
});

/** Two bits that change places at every step: operator-Schmidt rank four, and products stay products. */
export const swapMap: Process = createHmm({
  operators: [
    [
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
    ],
  ],
  initial: kroneckerVector([0.9, 0.1], [0.3, 0.7]),
});
