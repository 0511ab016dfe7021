import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { optimalLoss } from "../information/optimal-loss.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { zeroOneRandom } from "./zero-one-random.ts";

const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe("zeroOneRandom", () => {
  test("operators", () => {
    expect(entries(zeroOneRandom({ p: 0.25 }))).toEqual({
      "0: 0->1": 1,
      "1: 1->2": 1,
      "0: 2->0": 0.75,
      "1: 2->0": 0.25,
    });
  });

  test.prop([open])("forbids 000", (p) => {
    expect(wordProbability(zeroOneRandom({ p }), [0, 0, 0])).toBe(0);
  });

  test.prop([open])("two equal tokens give the phase away", (p) => {
    // 00 is SR then S0, so S1 is next; 11 is S1 then SR, so S0 is next.
    expect(Array.from(beliefState(zeroOneRandom({ p }), [0, 0]))).toEqual([0, 1, 0]);
    expect(Array.from(beliefState(zeroOneRandom({ p }), [1, 1]))).toEqual([1, 0, 0]);
  });

  // Entropy rate in closed form: H2(p) / 3.
  test.prop([fc.double({ min: 0.2, max: 0.8, noNaN: true })], { numRuns: 10 })("entropy rate", (p) => {
    const h2 = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    expect(optimalLoss(zeroOneRandom({ p }), { length: 60 }).loss[59]).toBeCloseTo(h2 / 3, 5);
  });

  test("names the range of a bad parameter", () => {
    expect(() => zeroOneRandom({ p: Number.NaN })).toThrow(InvalidArgumentError);
    expect(() => zeroOneRandom({ p: Number.NaN })).toThrow("zeroOneRandom: p is NaN. Give p from 0 to 1.");
  });
});
