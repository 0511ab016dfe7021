import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { coin } from "./coin.ts";

describe("coin", () => {
  test("operators", () => {
    expect(entries(coin({ p: 0.25 }))).toEqual({ "0: 0->0": 0.25, "1: 0->0": 0.75 });
  });

  test.prop([fc.double({ min: 0, max: 1, noNaN: true }), fc.array(fc.constantFrom(0, 1), { maxLength: 8 })])(
    "tosses are independent: a word has probability p^zeros (1 - p)^ones",
    (p, word) => {
      const ones = word.filter((token) => token === 1).length;
      // a conditional probability of at most 1e-12 counts as impossible, so the tolerance (5e-12) is above it
      expect(wordProbability(coin({ p }), word)).toBeCloseTo(p ** (word.length - ones) * (1 - p) ** ones, 11);
    },
  );

  test("names the range of a bad parameter", () => {
    expect(() => coin({ p: 1.5 })).toThrow(InvalidArgumentError);
    expect(() => coin({ p: 1.5 })).toThrow("coin: p is 1.5. Give p from 0 to 1.");
  });
});
