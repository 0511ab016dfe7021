import { createKey } from "../../random/key.ts";
import { threefryBlock } from "../../random/threefry.ts";

/** `[n, 2]` numbers between 0 and 1. */
function uniform(n: number): Float64Array {
  const [k0, k1] = createKey(11);
  const words = new Uint32Array(2 * n);
  for (let i = 0; i < n; i++) threefryBlock(k0, k1, 0, i, words, 2 * i);
  return Float64Array.from(words, (word) => (word + 0.5) / 2 ** 32);
}

/** Points of a segment in three dimensions. */
export function line(n: number): { readonly points: Float64Array; readonly dimension: number } {
  const points = new Float64Array(3 * n);
  uniform(n).forEach((value, i) => {
    if (i % 2 === 0) points.set([value, 0.3 * value, 1 - 1.3 * value], (3 * i) / 2);
  });
  return { points, dimension: 3 };
}

/** Points of a square in a plane of three dimensions. */
export function square(n: number): { readonly points: Float64Array; readonly dimension: number } {
  const points = new Float64Array(3 * n);
  const values = uniform(n);
  for (let i = 0; i < n; i++) {
    const [x = 0, y = 0] = values.subarray(2 * i, 2 * i + 2);
    points.set([x, y, 1 - x - y], 3 * i);
  }
  return { points, dimension: 3 };
}
