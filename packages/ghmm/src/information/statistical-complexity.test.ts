import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm, periodicHmm, redundantHmm } from "../arbitraries/index.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { fanizza } from "../processes/fanizza.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { simpleNonunifilar } from "../processes/simple-nonunifilar.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { statisticalComplexity } from "./statistical-complexity.ts";

describe("exact", () => {
  test("several recurrent classes: Z1R x Z1R has 3 classes of 3 mixed states each", () => {
    const { value, method } = statisticalComplexity(
      tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.3 })),
    );
    expect(method).toBe("presentation");
    expect(value).toBeCloseTo(2 * Math.log2(3), 10); // T9: additive
  });

  test("T9: additive in independent factors", () => {
    const joint = tensorProduct(goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 }));
    const parts = [goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 })].map((part) => statisticalComplexity(part).value);
    expect(statisticalComplexity(joint).value).toBeCloseTo((parts[0] ?? 0) + (parts[1] ?? 0), 9);
  });

  test("classes are weighted by the probability of ending in them", () => {
    // from state 0 into a fixed point, or into a cycle of two
    const process = createHmm({
      operators: [
        [
          [0, 0.25, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ],
        [
          [0, 0, 0.75, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 1],
          [0, 0, 0, 0],
        ],
        [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 1, 0],
        ],
      ],
      initial: [1, 0, 0, 0],
    });
    const expected = -(0.25 * Math.log2(0.25) + 2 * 0.375 * Math.log2(0.375));
    expect(statisticalComplexity(process).value).toBeCloseTo(expected, 12);
  });

  test("does not depend on the start of an ergodic process", () => {
    const started = { ...rrxor({}), initial: Float64Array.of(0, 0, 1, 0, 0) };
    expect(statisticalComplexity(started).value).toBeCloseTo(Math.log2(3) + 2 / 3, 12);
  });

  test.prop([redundantHmm()], { numRuns: 20 })("a process of one causal state has none", ({ redundant }) => {
    if (redundant.stateDim > 2) return;
    expect(statisticalComplexity(redundant).value).toBeCloseTo(0, 12);
  });

  test("units", () => {
    expect(statisticalComplexity(zeroOneRandom({ p: 0.5 }), { unit: "nats" })).toMatchObject({ unit: "nats" });
    expect(statisticalComplexity(zeroOneRandom({ p: 0.5 }), { unit: "nats" }).value).toBeCloseTo(Math.log(3), 12);
  });
});

describe("truncated", () => {
  test("a countable presentation is cut where its tail is negligible", () => {
    const found = statisticalComplexity(simpleNonunifilar({ p: 0.5, q: 0.5 }));
    expect(found.method).toBe("truncated-presentation");
    expect(found.truncation).toBeLessThan(1e-15);
    expect(found.lower).toBeUndefined();
    // renewal process: after k zeros since the last one with probability proportional to its survival
    const survival = Array.from({ length: 200 }, (_, k) => (k + 1) * 2 ** -k);
    const total = survival.reduce((a, b) => a + b, 0);
    const expected = survival.reduce((sum, s) => sum - (s / total) * Math.log2(s / total), 0);
    expect(found.value).toBeCloseTo(expected, 10);
  });

  test.each([
    [0.3, 0.8],
    [0.999, 0.05],
    [0.999999, 0.1],
  ])("beliefs that converge to each other are states of their own: p = %d, q = %d", (p, q) => {
    const process = simpleNonunifilar({ p, q });
    expect(() => statisticalComplexity(process)).toThrow(UnsupportedError);
    // renewal process: survival of a run of zeros
    const survival: number[] = [];
    for (let [a, b] = [1, 0]; a + b > 1e-18; [a, b] = [a * (1 - p), a * p + b * (1 - q)]) survival.push(a + b);
    const total = survival.reduce((sum, s) => sum + s, 0);
    const expected = survival.reduce((sum, s) => sum - (s / total) * Math.log2(s / total), 0);
    expect(expected).toBeGreaterThan(3);
    if (p > 0.9) return; // more than half of the time is left out
    const { value, truncation = 0 } = statisticalComplexity(process, { maxTruncation: 0.5 });
    expect(truncation).toBeGreaterThan(1e-3);
    expect(expected - value).toBeGreaterThan(truncation);
  });

  test("a smaller one at the price of a truncation that is reported", () => {
    const options = { maxStates: 12, maxTruncation: 0.01 };
    const found = statisticalComplexity(simpleNonunifilar({ p: 0.5, q: 0.5 }), options);
    expect(found.truncation).toBeGreaterThan(1e-6);
    expect(found.value).toBeCloseTo(2.711468724, 1);
    expect(() => statisticalComplexity(simpleNonunifilar({ p: 0.5, q: 0.5 }), { maxStates: 12 })).toThrow(
      UnsupportedError,
    );
  });

  test("signed processes with a reset", () => {
    expect(statisticalComplexity(fanizza({ alpha: 2000, lambda: 0.49 })).truncation).toBeLessThan(1e-9);
  });
});

describe("bad input", () => {
  test("an uncountable presentation has none", () => {
    expect(() => statisticalComplexity(mess3({ x: 0.15, a: 0.6 }))).toThrow(UnsupportedError);
    expect(() => statisticalComplexity(mess3({ x: 0.15, a: 0.6 }))).toThrow("infinitely many");
  });

  test.prop([hmm()], { numRuns: 20 })("nothing is NaN", (process) => {
    try {
      expect(Number.isFinite(statisticalComplexity(process, { maxStates: 100 }).value)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
    }
  });

  test.prop([periodicHmm()], { numRuns: 20 })("nor is it where the process is periodic", ({ process }) => {
    try {
      expect(Number.isFinite(statisticalComplexity(process, { maxStates: 100 }).value)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
    }
  });

  test("options out of range", () => {
    for (const bad of [-1, 0.6, Number.NaN]) {
      expect(() => statisticalComplexity(coin({ p: 0.5 }), { maxTruncation: bad })).toThrow(`maxTruncation is ${bad}`);
    }
    expect(() => statisticalComplexity(coin({ p: 0.5 }), { maxStates: 0 })).toThrow("maxStates is 0");
    // @ts-expect-error the compiler refuses it too
    expect(() => statisticalComplexity(coin({ p: 0.5 }), { unit: "dits" })).toThrow("unit is dits");
  });
});
