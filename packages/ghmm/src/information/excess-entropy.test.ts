import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, periodicHmm } from "../arbitraries/index.ts";
import { shannonEntropy } from "../numeric/entropy.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { blockDiagonal } from "./_testing/mixtures.ts";
import { blockEntropies } from "./block-entropies.ts";
import { entropyRate } from "./entropy-rate.ts";
import { excessEntropy } from "./excess-entropy.ts";

const small = { maxStates: 300 };

describe("closed form", () => {
  test.each([
    ["goldenMean", goldenMean({ p: 0.3 }), 12],
    ["evenOnes", evenOnes({ p: 0.5 }), 90],
    ["zeroOneRandom", zeroOneRandom({ p: 0.3 }), 12],
    ["rrxor", rrxor({}), 200],
  ])("T8: of %s is the sum of h(L) - h_mu", (_, process, maxLength) => {
    const rate = entropyRate(process).value;
    const { conditional } = blockEntropies(process, { maxLength });
    const { value, lower, upper, method } = excessEntropy(process);
    expect(method).toBe("presentation");
    expect([lower, upper]).toEqual([value, value]);
    expect(Math.abs(conditional.reduce((sum, h) => sum + h - rate, 0) - value)).toBeLessThan(1e-8);
  });

  test("depends on the start: from a known phase Z1R has nothing to tell", () => {
    const started = { ...zeroOneRandom({ p: 0.5 }), initial: Float64Array.of(1, 0, 0) };
    // h = 0, 0, 1, 0, 0, 1, ...: the Cesaro mean of the sums -1/3, -2/3, 0 is -1/3
    expect(excessEntropy(started).value).toBeCloseTo(-1 / 3, 12);
  });
});

describe("partial sums", () => {
  test.prop([hmm()], { numRuns: 30 })("bound it, and rise with the length", (process) => {
    let lower = 0;
    for (const maxLength of [1, 2, 3, 4]) {
      const found = excessEntropy(process, { maxStates: 100, maxLength });
      if (found.method === "presentation") return;
      expect(found.value).toBeGreaterThanOrEqual(lower - 1e-12);
      expect(found.upper).toBeGreaterThanOrEqual(found.value);
      expect(found.upper).toBeLessThanOrEqual(shannonEntropy(process.initial) + 1e-12);
      lower = found.value;
    }
    const { blockEntropy, conditional } = blockEntropies(process, { maxLength: 4 });
    expect(lower).toBeCloseTo((blockEntropy[4] ?? 0) - 4 * (conditional[3] ?? 0), 10);
  });

  test("T8: enclose the closed form where both are known", () => {
    for (const process of [goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 }), rrxor({}), zeroOneRandom({ p: 0.5 })]) {
      const exact = excessEntropy(process).value;
      for (const maxLength of [1, 3, 8]) {
        const { value, upper } = excessEntropy(process, { maxLength, maxStates: 20 });
        expect(value).toBeLessThan(exact + 1e-12);
        expect(upper ?? 0).toBeGreaterThan(exact - 1e-12);
      }
    }
  });

  test("a presentation of more than maxStates counts as infinite", () => {
    const { value, upper = 0, method } = excessEntropy(rrxor({}), { maxStates: 12 });
    expect(method).toBe("partial-sum");
    expect(value).toBeLessThan(Math.log2(3) + 2 / 3);
    expect(upper).toBeGreaterThan(Math.log2(3) + 2 / 3 - 1e-12);
  });

  test.prop([gaugeTransformed()], { numRuns: 20 })(
    "are those of the HMM that a process is similar to",
    ({ hmm, ghmm }) => {
      const [a, b] = [hmm, ghmm].map((process) => excessEntropy(process, { ...small, maxLength: 6 }));
      expect(b?.value).toBeCloseTo(a?.value ?? Number.NaN, 8);
    },
  );
});

describe("T17: mixtures add the entropy of the weights", () => {
  test("two coins", () => {
    const weights = [0.25, 0.75];
    const mixed = blockDiagonal([coin({ p: 0.1 }), coin({ p: 0.9 })], weights);
    const { value, upper = 0 } = excessEntropy(mixed, { maxLength: 200 });
    expect(value).toBeCloseTo(shannonEntropy(weights), 6);
    expect(upper).toBeGreaterThanOrEqual(value);
  });

  test("Z1R and the golden mean", () => {
    const parts = [zeroOneRandom({ p: 0.5 }), goldenMean({ p: 0.5 })];
    const mixed = blockDiagonal(parts, [0.5, 0.5]);
    const expected = 1 + parts.reduce((sum, part) => sum + excessEntropy(part).value / 2, 0);
    expect(excessEntropy(mixed).value).toBeCloseTo(expected, 6);
  });

  test("equal components add nothing", () => {
    const mixed = blockDiagonal([goldenMean({ p: 0.5 }), goldenMean({ p: 0.5 })], [0.5, 0.5]);
    expect(excessEntropy(mixed).value).toBeCloseTo(excessEntropy(goldenMean({ p: 0.5 })).value, 10);
  });
});

describe("bad input", () => {
  test("an infinite presentation from a start that is not stationary", () => {
    const started = { ...mess3({ x: 0.15, a: 0.6 }), initial: Float64Array.of(1, 0, 0) };
    expect(() => excessEntropy(started, small)).toThrow(UnsupportedError);
    expect(() => excessEntropy(started, small)).toThrow("its initial state is not stationary");
  });

  test.prop([periodicHmm()], { numRuns: 10 })("nothing is NaN, whatever the period", ({ process }) => {
    const { value, lower = 0, upper = Number.POSITIVE_INFINITY } = excessEntropy(process, small);
    expect(Number.isFinite(value)).toBe(true);
    expect(lower).toBeLessThanOrEqual(upper);
  });

  test("options out of range", () => {
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => excessEntropy(coin({ p: 0.5 }), { maxStates: bad })).toThrow(`excessEntropy: maxStates is ${bad}`);
      expect(() => excessEntropy(coin({ p: 0.5 }), { maxLength: bad })).toThrow(`excessEntropy: maxLength is ${bad}`);
    }
    // @ts-expect-error the compiler refuses it too
    expect(() => excessEntropy(coin({ p: 0.5 }), { unit: "dits" })).toThrow("excessEntropy: unit is dits");
  });
});
