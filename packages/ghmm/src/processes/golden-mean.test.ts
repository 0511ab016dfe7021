import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { optimalLoss } from "../information/optimal-loss.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { goldenMean } from "./golden-mean.ts";

describe("goldenMean", () => {
  test("operators, and p = 1/2 by default", () => {
    expect(entries(goldenMean({ p: 0.25 }))).toEqual({ "0: 0->0": 0.75, "1: 0->1": 0.25, "0: 1->0": 1 });
    expect(entries(goldenMean())).toEqual(entries(goldenMean({ p: 0.5 })));
  });

  test.prop([fc.double({ min: 0.01, max: 0.99, noNaN: true })])("forbids 11", (p) => {
    expect(wordProbability(goldenMean({ p }), [1, 1])).toBe(0);
  });

  test("its words of length n are counted by the Fibonacci numbers, whose ratio is the golden mean", () => {
    const counts = [1, 2, 3, 4, 5, 6].map(
      (length) =>
        Array.from({ length: 2 ** length }, (_, code) => Array.from({ length }, (_, i) => (code >> i) & 1)).filter(
          (word) => wordProbability(goldenMean(), word) > 0,
        ).length,
    );
    expect(counts).toEqual([2, 3, 5, 8, 13, 21]);
  });

  // Entropy rate in closed form: H2(p) / (1 + p).
  test.prop([fc.double({ min: 0.2, max: 0.8, noNaN: true })], { numRuns: 10 })("entropy rate", (p) => {
    const h2 = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    expect(optimalLoss(goldenMean({ p }), { length: 4 }).loss[3]).toBeCloseTo(h2 / (1 + p), 12);
  });

  test("names the range of a bad parameter", () => {
    expect(() => goldenMean({ p: -0.1 })).toThrow(InvalidArgumentError);
    expect(() => goldenMean({ p: -0.1 })).toThrow("goldenMean: p is -0.1. Give p from 0 to 1.");
  });
});
