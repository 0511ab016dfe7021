import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { entries } from "./_testing/entries.ts";
import { rrxor } from "./rrxor.ts";

const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe("rrxor", () => {
  // THEORY 1.4: the transitions of the table, states S, 0, 1, T, F.
  test("operators, and 1/2 by default", () => {
    expect(entries(rrxor({ p1: 0.25, p2: 0.125 }))).toEqual({
      "0: 0->1": 0.25,
      "1: 0->2": 0.75,
      "0: 1->4": 0.125,
      "1: 1->3": 0.875,
      "0: 2->3": 0.125,
      "1: 2->4": 0.875,
      "1: 3->0": 1,
      "0: 4->0": 1,
    });
    expect(entries(rrxor())).toEqual(entries(rrxor({ p1: 0.5, p2: 0.5 })));
  });

  test("golden 3: stationary state (2, 1, 1, 1, 1) / 6", () => {
    [2, 1, 1, 1, 1].forEach((weight, s) => {
      expect(rrxor().initial[s]).toBeCloseTo(weight / 6, 15);
    });
  });

  test("golden 24: words and beliefs of the tree", () => {
    const reachable = [0, 1, 2, 3, 4].map(
      (length) =>
        Array.from({ length: 2 ** length }, (_, code) => Array.from({ length }, (__, i) => (code >> i) & 1)).filter(
          (word) => wordProbability(rrxor(), word) > 0,
        ).length,
    );
    expect(reachable).toEqual([1, 2, 4, 8, 16]);
    expect(wordProbability(rrxor(), [0, 0, 0])).toBeCloseTo(1 / 6, 14);
    expect(wordProbability(rrxor(), [1, 1, 1, 1])).toBeCloseTo(1 / 48, 14);
    expect(wordProbability(rrxor(), [1, 1, 1, 0])).toBeCloseTo(0.0625, 14);
    expect(Array.from(beliefState(rrxor(), [1, 1, 1, 1]))).toEqual([0, 0, 0, 0, 1]);
  });

  test.prop([share, share, fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { maxLength: 4 })])(
    "from S, every third token is the exclusive or of the two before it",
    (p1, p2, pairs) => {
      const word = pairs.flatMap(([a, b]) => [a, b, a ^ b]);
      const process = rrxor({ p1, p2 });
      const fromStart = { ...process, initial: Float64Array.of(1, 0, 0, 0, 0) };
      const expected = pairs.reduce((p, [a, b]) => p * (a === 0 ? p1 : 1 - p1) * (b === 0 ? p2 : 1 - p2), 1);
      expect(wordProbability(fromStart, word)).toBeCloseTo(expected, 14);
    },
  );
});
