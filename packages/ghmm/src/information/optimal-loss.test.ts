import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { optimalLoss } from "./optimal-loss.ts";

/** `H(X_1 .. X_L)` in nats by listing all words. */
function blockEntropy(process: Process, length: number): number {
  const walk = (word: readonly number[]): number => {
    const probability = wordProbability(process, word);
    if (probability === 0) return 0;
    if (word.length === length) return -probability * Math.log(probability);
    return process.alphabet.reduce((sum, _, x) => sum + walk([...word, x]), 0);
  };
  return walk([]);
}

describe("exact", () => {
  test.prop([hmm({ stationary: false })], { numRuns: 30 })("is the difference of block entropies", (process) => {
    const { loss, method } = optimalLoss(process, { length: 4 });
    expect(method).toBe("exact");
    loss.forEach((value, t) => {
      expect(value).toBeCloseTo(blockEntropy(process, t + 1) - blockEntropy(process, t), 10);
    });
  });

  test.prop([gaugeTransformed()], { numRuns: 30 })("does not depend on the coordinates", ({ hmm, ghmm, condition }) => {
    const expected = optimalLoss(hmm, { length: 4 }).loss;
    optimalLoss(ghmm, { length: 4 }).loss.forEach((value, t) => {
      expect(Math.abs(value - (expected[t] ?? Number.NaN))).toBeLessThan(1e-9 * condition ** 2);
    });
  });

  test.prop([hmm()], { numRuns: 30 })("T7: from the stationary state it never rises", (process) => {
    const { loss } = optimalLoss(process, { length: 5 });
    for (let t = 1; t < loss.length; t++) expect((loss[t] ?? 0) - (loss[t - 1] ?? 0)).toBeLessThan(1e-10);
  });

  // Conditional block entropies in bits, computed from their definition by an independent program.
  test.each([
    [
      "mess3",
      mess3({ x: 0.15, a: 0.6 }),
      [1.5849625, 1.5740781, 1.57165971, 1.57110034, 1.57097192, 1.57094242, 1.57093564],
    ],
    ["zeroOneRandom", zeroOneRandom({ p: 0.5 }), [1, 0.91829583, 2 / 3, 1 / 3, 1 / 3, 1 / 3]],
    ["goldenMean", goldenMean(), [0.918296, 2 / 3, 2 / 3]],
    ["evenOnes", evenOnes(), [0.918296, 0.874185, 0.792481, 0.770426, 0.729574]],
    ["coin", coin({ p: 0.5 }), [1, 1, 1]],
  ])("table of %s", (_, process, expected) => {
    const { loss } = optimalLoss(process, { length: expected.length, unit: "bits" });
    expected.forEach((value, t) => {
      expect(Math.abs((loss[t] ?? Number.NaN) - value)).toBeLessThan(6e-7);
    });
  });

  test("nats are the default unit", () => {
    const result = optimalLoss(coin({ p: 0.5 }), { length: 1 });
    expect(result.unit).toBe("nats");
    expect(result.loss[0]).toBeCloseTo(Math.LN2, 15);
  });

  test("equal beliefs are merged: Z1R has four at most at one position, however long", () => {
    const result = optimalLoss(zeroOneRandom({ p: 0.5 }), { length: 60, unit: "bits" });
    expect(result).toMatchObject({ method: "exact", states: 4 });
    expect(result.loss[59]).toBeCloseTo(1 / 3, 12);
  });

  test("length 0 is empty", () => {
    expect(optimalLoss(coin({ p: 0.5 }), { length: 0 }).loss).toHaveLength(0);
  });
});

describe("Monte-Carlo", () => {
  test("takes over beyond maxStates and says so", () => {
    const result = optimalLoss(mess3({ x: 0.15, a: 0.6 }), { length: 5, maxStates: 20, samples: 50 });
    expect(result).toMatchObject({ method: "monte-carlo", samples: 50, key: [0, 0] });
    const enough = optimalLoss(mess3({ x: 0.15, a: 0.6 }), { length: 5, maxStates: 81 });
    expect(enough).toMatchObject({ method: "exact", states: 81 });
  });

  test.each([
    ["mess3", mess3({ x: 0.05, a: 0.85 })],
    ["zeroOneRandom", zeroOneRandom({ p: 0.3 })],
  ])("agrees with the exact loss of %s within five standard errors", (_, process) => {
    const exact = optimalLoss(process, { length: 6, method: "exact" });
    const sampled = optimalLoss(process, { length: 6, method: "monte-carlo", samples: 2000, key: createKey(5) });
    if (sampled.method !== "monte-carlo") throw new Error("asked for Monte-Carlo");
    sampled.loss.forEach((value, t) => {
      const error = sampled.standardError[t] ?? Number.NaN;
      expect(Math.abs(value - (exact.loss[t] ?? Number.NaN))).toBeLessThanOrEqual(5 * error + 1e-12);
    });
    expect(sampled.standardError[0]).toBe(0);
    expect(sampled.standardError[3]).toBeGreaterThan(0);
  });

  test("the standard error is the sample standard deviation over the root of the count", () => {
    // Entropy after one token of the golden mean is ln 2 after "0" and 0 after "1".
    const samples = 100;
    const result = optimalLoss(goldenMean(), { length: 2, method: "monte-carlo", samples });
    if (result.method !== "monte-carlo") throw new Error("asked for Monte-Carlo");
    const share = (result.loss[1] ?? 0) / Math.LN2;
    const expected = Math.LN2 * Math.sqrt((share * (1 - share)) / (samples - 1));
    expect(result.standardError[1]).toBeCloseTo(expected, 12);
  });

  test.prop([fc.nat(1000)], { numRuns: 5 })("is a function of its key", (seed) => {
    const options = { length: 4, method: "monte-carlo", samples: 20, key: createKey(seed), unit: "bits" } as const;
    expect(optimalLoss(evenOnes(), options)).toEqual(optimalLoss(evenOnes(), options));
  });
});

describe("bad input", () => {
  const process = mess3({ x: 0.15, a: 0.6 });

  test.each([
    [{ length: -1 }, "length is -1"],
    [{ length: 1, maxStates: 0 }, "maxStates is 0"],
    [{ length: 1, samples: 1 }, "samples is 1"],
    [{ length: 2 ** 53 }, "length is 9007199254740992"],
    [{ length: 1, maxStates: 2 ** 24 }, "maxStates is 16777216"],
    [{ length: 1, tolerance: 0 }, "tolerance is 0"],
    [{ length: 1, tolerance: 1e-310 }, "tolerance is 1e-310"],
    [{ length: 1, tolerance: Number.NaN }, "tolerance is NaN"],
  ])("%j", (options, message) => {
    expect(() => optimalLoss(process, options)).toThrow(InvalidArgumentError);
    expect(() => optimalLoss(process, options)).toThrow(`optimalLoss: ${message}`);
  });

  test("an exact loss over too many beliefs is refused", () => {
    const options = { length: 6, method: "exact", maxStates: 50 } as const;
    expect(() => optimalLoss(process, options)).toThrow(UnsupportedError);
    expect(() => optimalLoss(process, options)).toThrow("more than 50 distinct beliefs");
    // four tokens of Mess3 lead to 81 beliefs
    expect(optimalLoss(process, { length: 5, method: "exact", maxStates: 81 })).toMatchObject({ states: 81 });
    expect(() => optimalLoss(process, { length: 5, method: "exact", maxStates: 80 })).toThrow(UnsupportedError);
  });

  test("unknown method or unit", () => {
    // @ts-expect-error the compiler refuses it too
    expect(() => optimalLoss(process, { length: 1, method: "guess" })).toThrow("method is guess");
    // @ts-expect-error the compiler refuses it too
    expect(() => optimalLoss(process, { length: 1, unit: "dits" })).toThrow("unit is dits");
  });
});
