import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { entries } from "./_testing/entries.ts";
import { leakyRrxor } from "./leaky-rrxor.ts";
import { rrxor } from "./rrxor.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("leakyRrxor", () => {
  // GOLDENS 7: (1 - epsilon) rrxor + epsilon / 10, and epsilon = 0 equals rrxor.
  test.prop([share, share, share])("golden 7: entries", (p1, p2, epsilon) => {
    const [leaky, tight] = [leakyRrxor({ p1, p2, epsilon }), rrxor({ p1, p2 })];
    for (const x of [0, 1]) {
      const expected = tight.operator(x).map((value) => (1 - epsilon) * value + epsilon / 10);
      leaky.operator(x).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 15);
      });
    }
  });

  test.prop([share, share])("without a leak it is rrxor, from the same state", (p1, p2) => {
    const [leaky, tight] = [leakyRrxor({ p1, p2, epsilon: 0 }), rrxor({ p1, p2 })];
    expect(entries(leaky)).toEqual(entries(tight));
    leaky.initial.forEach((value, s) => {
      expect(value).toBeCloseTo(tight.initial[s] ?? Number.NaN, 15);
    });
  });

  test.prop([fc.array(fc.constantFrom(0, 1), { maxLength: 8 })])("all leak: a fair coin", (word) => {
    expect(wordProbability(leakyRrxor({ epsilon: 1 }), word)).toBeCloseTo(2 ** -word.length, 13);
  });
});
