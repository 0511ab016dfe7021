import { InvalidArgumentError } from "../numeric/errors.ts";
import { checkInteger } from "../numeric/options.ts";
import { threefryBlock } from "./threefry.ts";

/**
 * A random key: two unsigned 32-bit words. Keys are values; nothing in the library keeps random state.
 *
 * @example
 * ```ts
 * import { createKey, type Key } from "@semifactor/ghmm";
 *
 * const key: Key = createKey(7);
 * expect(key).toEqual([0, 7]);
 * ```
 */
export type Key = readonly [number, number];

const MOST_KEYS = 2 ** 24;

/** Throws unless `key` is a pair of unsigned 32-bit integers. */
export function checkKey(source: string, key: Key): void {
  if (!Array.isArray(key) || key.length !== 2) {
    throw new InvalidArgumentError({
      source,
      problem: `key is ${JSON.stringify(key)}`,
      remedy: "Give a key of createKey, splitKey or foldIn",
    });
  }
  checkInteger(source, "key[0]", key[0], 0, 2 ** 32 - 1);
  checkInteger(source, "key[1]", key[1], 0, 2 ** 32 - 1);
}

/**
 * The key of a seed: `[floor(seed / 2^32), seed mod 2^32]`, as JAX's `PRNGKey`.
 *
 * @param seed - an integer from 0 to 2^53 - 1
 * @throws InvalidArgumentError if `seed` is not such an integer
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 *
 * expect(createKey(42)).toEqual([0, 42]);
 * ```
 */
export function createKey(seed: number): Key {
  checkInteger("createKey", "seed", seed, 0, 2 ** 53 - 1);
  return [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0];
}

/**
 * Independent keys from one key, as JAX's `random.split`: key `i` is the threefry block of the counter `(0, i)`.
 *
 * @param count - how many keys, 2 by default; for millions of keys use {@link foldIn}, which makes them one at a time
 * @throws InvalidArgumentError if `key` is not two u32 words or `count` is not an integer from 0 to 2^24
 * @example
 * ```ts
 * import { createKey, splitKey } from "@semifactor/ghmm";
 *
 * const [dataKey, initKey] = splitKey(createKey(1));
 * expect(dataKey).toEqual([507451445, 1853169794]);
 * expect(initKey).toEqual([1948878966, 4237131848]);
 * ```
 */
export function splitKey(key: Key, count = 2): readonly Key[] {
  checkKey("splitKey", key);
  checkInteger("splitKey", "count", count, 0, MOST_KEYS);
  return Array.from({ length: count }, (_, i) => foldIn(key, i));
}

/**
 * The key that belongs to `data` under `key`, as JAX's `random.fold_in`: use it to number steps, cells or sequences.
 *
 * @param data - an integer from 0 to 2^32 - 1
 * @throws InvalidArgumentError if `key` is not two u32 words or `data` is not such an integer
 * @example
 * ```ts
 * import { createKey, foldIn } from "@semifactor/ghmm";
 *
 * const stepKey = foldIn(createKey(1), 2);
 * expect(stepKey).toEqual([2441914641, 3819641963]);
 * ```
 */
export function foldIn(key: Key, data: number): Key {
  checkKey("foldIn", key);
  checkInteger("foldIn", "data", data, 0, 2 ** 32 - 1);
  const block = new Uint32Array(2);
  threefryBlock(key[0], key[1], 0, data, block, 0);
  const [first = 0, second = 0] = block;
  return [first, second];
}
