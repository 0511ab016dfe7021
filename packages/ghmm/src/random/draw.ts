import { allocate } from "../numeric/allocate.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { inverseNormalCdf } from "./inverse-normal.ts";
import { checkKey, type Key } from "./key.ts";
import { threefryBlock } from "./threefry.ts";

const LARGEST_COUNT = 2 ** 31;

function draw(source: string, key: Key, count: number): Uint32Array {
  checkKey(source, key);
  if (!Number.isInteger(count) || count < 0 || count > LARGEST_COUNT) {
    throw new InvalidArgumentError({
      source,
      problem: `count is ${count}`,
      remedy: `Give an integer from 0 to ${LARGEST_COUNT}`,
    });
  }
  const bits = allocate(source, Uint32Array, count);
  const block = new Uint32Array(2);
  for (let i = 0; i < count; i++) {
    threefryBlock(key[0], key[1], 0, i, block, 0);
    bits[i] = (block[0] ?? 0) ^ (block[1] ?? 0);
  }
  return bits;
}

/**
 * Unsigned 32-bit draws, as JAX's `random.bits`: draw `i` is the XOR of the two words of the threefry block `(0, i)`.
 *
 * Draw `i` does not depend on `count`.
 *
 * @returns `[count]`
 * @throws InvalidArgumentError if `key` is not two u32 words or `count` is not an integer from 0 to 2^31
 * @example
 * ```ts
 * import { createKey, randomBits } from "@semifactor/ghmm";
 *
 * expect(Array.from(randomBits(createKey(10), 2))).toEqual([169096361, 1572511259]);
 * ```
 */
export function randomBits(key: Key, count: number): Uint32Array {
  return draw("randomBits", key, count);
}

/**
 * Uniform draws in `[0, 1)` with the values of JAX's float32 `random.uniform`: the top 23 bits of each draw over 2^23.
 *
 * @returns `[count]`, every value exactly representable in float32
 * @throws InvalidArgumentError if `key` is not two u32 words or `count` is not an integer from 0 to 2^31
 * @example
 * ```ts
 * import { createKey, uniform } from "@semifactor/ghmm";
 *
 * const [first = NaN] = uniform(createKey(51), 1);
 * expect(first).toBeCloseTo(0.471269, 6);
 * ```
 */
export function uniform(key: Key, count: number): Float64Array {
  return Float64Array.from(draw("uniform", key, count), (bits) => (bits >>> 9) / 2 ** 23);
}

/**
 * Standard normal draws: `Phi^-1((bits + 1/2) / 2^32)`, one 32-bit draw each, so values stay within 6.4 standard deviations.
 *
 * The bits are JAX's; the map to normals is our own (JAX's float32 `erf_inv` gives other digits).
 *
 * @returns `[count]`
 * @throws InvalidArgumentError if `key` is not two u32 words or `count` is not an integer from 0 to 2^31
 * @example
 * ```ts
 * import { createKey, normal } from "@semifactor/ghmm";
 *
 * const draws = normal(createKey(0), 1000);
 * const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
 * expect(Math.abs(mean)).toBeLessThan(0.15);
 * ```
 */
export function normal(key: Key, count: number): Float64Array {
  return Float64Array.from(draw("normal", key, count), (bits) => inverseNormalCdf((bits + 0.5) / 2 ** 32));
}
