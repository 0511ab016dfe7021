import { describe, expect, test } from "vitest";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { cocycle } from "./cocycle.ts";

describe("cocycle (T2)", () => {
  test("holds for every cut of a word", () => {
    const word = [1, 0, 0, 1, 1, 0];
    for (let cut = 0; cut <= word.length; cut++) {
      const instance = { process: zeroOneRandom({ p: 0.5 }), first: word.slice(0, cut), second: word.slice(cut) };
      expect(cocycle.residual(instance)).toBeLessThan(1e-14);
    }
  });

  test("a word without a belief has no residual but infinity", () => {
    const instance = { process: zeroOneRandom({ p: 0.5 }), first: [0, 0], second: [0] };
    expect(cocycle.residual(instance)).toBe(Number.POSITIVE_INFINITY);
  });

  test("other errors are thrown", () => {
    expect(() => cocycle.residual({ process: zeroOneRandom({ p: 0.5 }), first: [7], second: [] })).toThrow("is 7");
  });
});
