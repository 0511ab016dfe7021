import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { evenOnes } from "./even-ones.ts";

const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe("evenOnes", () => {
  test("operators, and p = 1/2 by default", () => {
    expect(entries(evenOnes({ p: 0.25 }))).toEqual({ "0: 0->0": 0.75, "1: 0->1": 0.25, "1: 1->0": 1 });
    expect(entries(evenOnes())).toEqual(entries(evenOnes({ p: 0.5 })));
  });

  test.prop([open])("forbids an odd run of ones between zeros", (p) => {
    expect(wordProbability(evenOnes({ p }), [0, 1, 1, 1, 0])).toBe(0);
  });

  test.prop([open, fc.integer({ min: 0, max: 6 })])(
    "a run of 2 k ones between zeros has probability (1 - p)^2 p^k / (1 + p)",
    (p, k) => {
      const word = [0, ...new Array<number>(2 * k).fill(1), 0];
      expect(wordProbability(evenOnes({ p }), word)).toBeCloseTo(((1 - p) ** 2 * p ** k) / (1 + p), 13);
    },
  );

  test.prop([open, fc.integer({ min: 1, max: 8 })])(
    "ones alone never tell the state: the belief has period two",
    (p, n) => {
      // From (1, p) / (1 + p): each one swaps the states, with weights p and 1, so two of them change nothing.
      const before = beliefState(evenOnes({ p }), new Array<number>(n).fill(1));
      beliefState(evenOnes({ p }), new Array<number>(n + 2).fill(1)).forEach((value, s) => {
        expect(value).toBeCloseTo(before[s] ?? Number.NaN, 12);
      });
    },
  );

  test("names the range of a bad parameter", () => {
    expect(() => evenOnes({ p: 2 })).toThrow(InvalidArgumentError);
    expect(() => evenOnes({ p: 2 })).toThrow("evenOnes: p is 2. Give p from 0 to 1.");
  });
});
