import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { anyKey, word } from "./_testing/keys.ts";
import type { Key } from "./key.ts";
import { threefryBlock } from "./threefry.ts";

/** Threefry-2x32-20 written from the paper's definition, with BigInt: the oracle for the unrolled one. */
function threefryFromPaper(key: Key, counter: readonly [number, number]): readonly [number, number] {
  const mask = 0xffffffffn;
  const k = [BigInt(key[0]), BigInt(key[1])];
  k.push((k[0] ?? 0n) ^ (k[1] ?? 0n) ^ 0x1bd11bdan);
  const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  let [x, y] = [BigInt(counter[0]), BigInt(counter[1])];
  const inject = (s: number): void => {
    x = (x + (k[s % 3] ?? 0n)) & mask;
    y = (y + (k[(s + 1) % 3] ?? 0n) + BigInt(s)) & mask;
  };
  inject(0);
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8] ?? 0n;
    x = (x + y) & mask;
    y = (((y << r) | (y >> (32n - r))) & mask) ^ x;
    if (round % 4 === 3) inject((round + 1) / 4);
  }
  return [Number(x), Number(y)];
}

describe("threefryBlock", () => {
  // Known-answer vectors distributed with Random123 (Salmon et al. 2011), threefry2x32 with 20 rounds.
  test.each([
    { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
    {
      key: [0xffffffff, 0xffffffff],
      counter: [0xffffffff, 0xffffffff],
      words: [0x1cb996fc, 0xbb002be7],
    },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
  ] as const)("known answer for key $key", ({ key, counter, words }) => {
    const out = new Uint32Array(3);
    threefryBlock(key[0], key[1], counter[0], counter[1], out, 1);
    expect(Array.from(out)).toEqual([0, ...words]);
  });

  test.prop([anyKey, fc.tuple(word, word)])("equals the definition", (key, counter) => {
    const out = new Uint32Array(2);
    threefryBlock(key[0], key[1], counter[0], counter[1], out, 0);
    expect(Array.from(out)).toEqual(threefryFromPaper(key, counter));
  });

  test.prop([anyKey, fc.tuple(word, word)])(
    "writes two words at the place it is given, and no others",
    (key, counter) => {
      const out = new Uint32Array(5).fill(7);
      threefryBlock(key[0], key[1], counter[0], counter[1], out, 2);
      const [first, second] = threefryFromPaper(key, counter);
      expect(Array.from(out)).toEqual([7, 7, first, second, 7]);
    },
  );

  test("is a cipher: different counters give different blocks under one key", () => {
    const seen = new Set<string>();
    const out = new Uint32Array(2);
    for (let counter = 0; counter < 2000; counter++) {
      threefryBlock(1, 2, counter % 2, counter >> 1, out, 0);
      seen.add(out.join());
    }
    expect(seen.size).toBe(2000);
  });
});
