import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { anyKey, word } from "./_testing/keys.ts";
import { createKey, foldIn, splitKey } from "./key.ts";
import { threefryBlock } from "./threefry.ts";

describe("keys", () => {
  // JAX with jax_threefry_partitionable, as of JAX 0.5.
  test("golden: split", () => {
    expect(splitKey(createKey(1), 3)).toEqual([
      [507451445, 1853169794],
      [1948878966, 4237131848],
      [2441914641, 3819641963],
    ]);
  });

  test("a seed of more than 32 bits fills the high word", () => {
    expect(createKey(2 ** 32 + 5)).toEqual([1, 5]);
    expect(createKey(2 ** 53 - 1)).toEqual([2 ** 21 - 1, 2 ** 32 - 1]);
  });

  test.prop([anyKey, fc.integer({ min: 1, max: 20 })])("splitKey is foldIn of the indices", (key, count) => {
    expect(splitKey(key, count)).toEqual(Array.from({ length: count }, (_, i) => foldIn(key, i)));
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("createKey refuses %s", (seed) => {
    expect(() => createKey(seed)).toThrow(InvalidArgumentError);
    expect(() => createKey(seed)).toThrow(`createKey: seed is ${seed}`);
  });

  test("bad keys, counts and data are refused with their value", () => {
    expect(() => foldIn([0, -1], 0)).toThrow("foldIn: key[1] is -1");
    expect(() => foldIn([2 ** 32, 0], 0)).toThrow("foldIn: key[0] is 4294967296");
    expect(() => foldIn([0, 0], 2 ** 32)).toThrow("foldIn: data is 4294967296");
    expect(() => splitKey([0, 0], -2)).toThrow("splitKey: count is -2");
  });

  test("negative zero is zero, and a key is a pair", () => {
    expect(createKey(-0)).toEqual([0, 0]);
    // @ts-expect-error the compiler refuses it too
    expect(() => foldIn([1], 0)).toThrow("foldIn: key is [1]");
  });

  test("more keys than fit are refused before they are made", () => {
    expect(() => splitKey([0, 0], 2 ** 24 + 1)).toThrow(
      "splitKey: count is 16777217. Give an integer from 0 to 16777216",
    );
  });

  test.prop([fc.maxSafeNat()])("the words of a key are the digits of its seed in base 2^32", (seed) => {
    const [high, low] = createKey(seed);
    expect(high * 2 ** 32 + low).toBe(seed);
    expect(low).toBeLessThan(2 ** 32);
  });

  test.prop([anyKey, word])("foldIn is the block of the counter (0, data)", (key, data) => {
    const block = new Uint32Array(2);
    threefryBlock(key[0], key[1], 0, data, block, 0);
    expect(foldIn(key, data)).toEqual(Array.from(block));
  });

  test("two keys unless told otherwise, and none when asked for none", () => {
    expect(splitKey([3, 4])).toHaveLength(2);
    expect(splitKey([3, 4], 0)).toEqual([]);
  });
});
