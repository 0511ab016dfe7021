import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { fanizza } from "./fanizza.ts";

const golden = fanizza({ alpha: 2000, lambda: 0.49 });

describe("fanizza", () => {
  // GOLDENS 8
  test("golden 8: two operators of size 4 whose sum has row sums one", () => {
    expect([golden.alphabet.length, golden.stateDim]).toEqual([2, 4]);
    for (let s = 0; s < 4; s++) {
      let sum = 0;
      for (const x of [0, 1]) {
        sum += golden
          .operator(x)
          .subarray(4 * s, 4 * s + 4)
          .reduce((total, value) => total + value, 0);
      }
      expect(sum).toBeCloseTo(1, 13);
    }
    expect(Array.from(golden.normalizer)).toEqual([1, 1, 1, 1]);
    expect(golden.certificate).toMatchObject({ kind: "unchecked", wordLength: 11 });
  });

  // GOLDENS 26 (recomputed)
  test("golden 26: stationary state, words, and the belief after a zero", () => {
    [0.186757530545, 0.92450789374, -0.106133320826, -0.005132103459].forEach((value, s) => {
      expect(golden.initial[s]).toBeCloseTo(value, 11);
    });
    expect(wordProbability(golden, [0])).toBeCloseTo(0.480929006323, 11);
    expect(wordProbability(golden, [1])).toBeCloseTo(0.519070993677, 11);
    expect(wordProbability(golden, [0, 0])).toBeCloseTo(0.186757530545, 11);
    expect(wordProbability(golden, [1, 1])).toBeCloseTo(0.22489952, 8);
    expect(wordProbability(golden, [1, 1, 1, 1])).toBeCloseTo(0.058684937541, 11);
    for (const word of [[0], [1, 0], [1, 1, 0, 0]]) {
      [0.388327, 0.980392, -0.255556, -0.113163].forEach((value, s) => {
        expect(beliefState(golden, word)[s]).toBeCloseTo(value, 6);
      });
    }
  });

  test.prop([
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: 0, max: 0.5, noNaN: true }),
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  ])(
    "the runs of ones between zeros are independent, of length k with lambda^k (1 - cos k alpha) / 2",
    (alpha, lambda, runs) => {
      const process = fanizza({ alpha, lambda });
      const ones = (k: number): number => (lambda ** k * (1 - Math.cos(k * alpha))) / 2;
      // sum of ones(k) over k >= 1, by geometric series
      const [c, size] = [Math.cos(alpha), 1 - 2 * lambda * Math.cos(alpha) + lambda ** 2];
      const none = 1 - (1 / (1 - lambda) - (1 - lambda * c) / size) / 2;
      const word = [0, ...runs.flatMap((k) => [...new Array<number>(k).fill(1), 0])];
      const expected = runs.reduce((product, k) => product * (k === 0 ? none : ones(k)), wordProbability(process, [0]));
      expect(wordProbability(process, word)).toBeCloseTo(expected, 10);
    },
  );
});
