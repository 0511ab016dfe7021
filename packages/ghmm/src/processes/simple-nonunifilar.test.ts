import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { simpleNonunifilar } from "./simple-nonunifilar.ts";

const open = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe("simpleNonunifilar", () => {
  test("operators, and 1/2 by default", () => {
    expect(entries(simpleNonunifilar({ p: 0.25, q: 0.125 }))).toEqual({
      "0: 0->0": 0.75,
      "0: 0->1": 0.25,
      "0: 1->1": 0.875,
      "1: 1->0": 0.125,
    });
    expect(entries(simpleNonunifilar())).toEqual(entries(simpleNonunifilar({ p: 0.5, q: 0.5 })));
  });

  test.prop([open, open, fc.integer({ min: 0, max: 8 })])(
    "after a one, the next one comes after n more zeros: leave A after i of them, B after the rest",
    (p, q, n) => {
      let expected = 0;
      for (let i = 0; i < n; i++) expected += (1 - p) ** i * p * (1 - q) ** (n - 1 - i) * q;
      const process = simpleNonunifilar({ p, q });
      const word = [1, ...new Array<number>(n).fill(0), 1];
      expect(wordProbability(process, word) / wordProbability(process, [1])).toBeCloseTo(expected, 12);
    },
  );

  test("at p = q = 1/2, n zeros after a one leave the belief (1, n) / (n + 1)", () => {
    for (const n of [0, 1, 5, 20]) {
      const belief = beliefState(simpleNonunifilar(), [1, ...new Array<number>(n).fill(0)]);
      expect(belief[0]).toBeCloseTo(1 / (n + 1), 13);
    }
  });

  test("two states that are both closed are refused, with the ranges", () => {
    expect(() => simpleNonunifilar({ p: 0, q: 0 })).toThrow(InvalidArgumentError);
    expect(() => simpleNonunifilar({ p: 0, q: 0 })).toThrow("p and q are both 0. Give p and q from 0 to 1");
    expect(Array.from(simpleNonunifilar({ p: 0, q: 0.5 }).initial)).toEqual([1, 0]);
  });
});
