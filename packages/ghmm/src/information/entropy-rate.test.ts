import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, nonErgodicHmm, periodicHmm, sparseHmm } from "../arbitraries/index.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { createGhmm, createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { fanizza } from "../processes/fanizza.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { simpleNonunifilar } from "../processes/simple-nonunifilar.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { blockDiagonal } from "./_testing/mixtures.ts";
import { blockEntropies } from "./block-entropies.ts";
import { entropyRate } from "./entropy-rate.ts";

const small = { maxStates: 400 };

describe("bounds", () => {
  test.prop([hmm()], { numRuns: 30 })("T7: close in on each other as they get longer", (process) => {
    let [lower, upper] = [0, Number.POSITIVE_INFINITY];
    for (const maxLength of [1, 2, 3, 4]) {
      const rate = entropyRate(process, { ...small, method: "bounds", maxLength, tolerance: 0 });
      expect(rate.lower).toBeGreaterThan(lower - 1e-12);
      expect(rate.upper).toBeLessThan(upper + 1e-12);
      expect(rate.lower).toBeLessThanOrEqual(rate.upper);
      ({ lower, upper } = rate);
    }
    const { conditional } = blockEntropies(process, { maxLength: 4 });
    expect(upper).toBeLessThanOrEqual((conditional[3] ?? 0) + 1e-12);
  });

  test.each([
    ["goldenMean", goldenMean({ p: 0.5 }), 2 / 3],
    ["evenOnes", evenOnes({ p: 0.5 }), 2 / 3],
    ["rrxor", rrxor({}), 2 / 3],
    ["zeroOneRandom", zeroOneRandom({ p: 0.5 }), 1 / 3],
    ["coin", coin({ p: 0.5 }), 1],
  ])("enclose the closed form of %s", (_, process, expected) => {
    const { lower, upper, method } = entropyRate(process, { method: "bounds", tolerance: 1e-6 });
    expect(method).toBe("bounds");
    expect(lower).toBeLessThanOrEqual(expected + 1e-12);
    expect(upper).toBeGreaterThanOrEqual(expected - 1e-12);
    expect(upper - lower).toBeLessThan(1e-5);
  });

  test.prop([gaugeTransformed()], { numRuns: 20 })("come through the HMM that a process is similar to", (pair) => {
    const [known, found] = [pair.hmm, pair.ghmm].map((process) => entropyRate(process, { ...small, method: "bounds" }));
    expect(found?.lower).toBeCloseTo(known?.lower ?? Number.NaN, 9);
    expect(found?.upper).toBeCloseTo(known?.upper ?? Number.NaN, 9);
  });

  test("come through the rays of a cone", () => {
    // Mess3 with its states scaled by 1, 2 and 4: non-negative, and the normalizer is not all ones
    const process = mess3({ x: 0.15, a: 0.6 });
    const scale = (s: number): number => 2 ** s;
    const cone = createGhmm({
      operators: [0, 1, 2].map((x) => {
        const operator = process.operator(x);
        return [0, 1, 2].map((s) => [0, 1, 2].map((t) => ((operator[3 * s + t] ?? 0) * scale(s)) / scale(t)));
      }),
      initial: [0, 1, 2].map((s) => 1 / 3 / scale(s)),
      normalizer: [0, 1, 2].map(scale),
    });
    expect(cone.certificate.kind).toBe("cone");
    const [expected, found] = [process, cone].map((which) => entropyRate(which, small));
    expect(found?.lower).toBeCloseTo(expected?.lower ?? Number.NaN, 12);
    expect(found).toMatchObject({ lowerFrom: "hidden-states" });
  });

  test("reset tokens bound a process without hidden states on both sides", () => {
    const { lower, upper, ...rest } = entropyRate(fanizza({ alpha: 2000, lambda: 0.49 }));
    expect(rest).toMatchObject({ certified: true, method: "bounds", lowerFrom: "reset-tokens" });
    expect(upper - lower).toBeLessThan(2e-9);
  });

  test("where nothing is known from below, the lower bound is 0 and the value the upper one", () => {
    const rate = entropyRate(tomQuantum({ alpha: 1, beta: 3 }), small);
    expect(rate).toMatchObject({ certified: true, method: "bounds", lowerFrom: "zero", lower: 0 });
    expect(rate.value).toBe(rate.upper);
    expect(rate.upper).toBeLessThan(1.906318);
  });

  test("of a start that is not stationary are those of its time average", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const started = { ...process, initial: Float64Array.of(1, 0, 0) };
    const [a, b] = [process, started].map((which) => entropyRate(which, small));
    expect(b?.upper).toBeCloseTo(a?.upper ?? Number.NaN, 9);
    expect(b?.lower).toBeCloseTo(a?.lower ?? Number.NaN, 9);
  });
});

describe("presentation", () => {
  test.prop([periodicHmm()], { numRuns: 20 })(
    "a finite one agrees with the bounds, whatever the period",
    ({ process }) => {
      const rate = entropyRate(process, small);
      const bounds = entropyRate(process, { ...small, method: "bounds", maxLength: 40 });
      expect(rate.value).toBeLessThan(bounds.upper + 1e-9);
      expect(rate.value).toBeGreaterThan(bounds.lower - 1e-9);
    },
  );

  test.prop([sparseHmm()], { numRuns: 20 })("so does that of a sparse process", (process) => {
    const rate = entropyRate(process, small);
    const bounds = entropyRate(process, { ...small, method: "bounds", maxLength: 40 });
    expect(rate.value).toBeLessThan(bounds.upper + 1e-9);
    expect(rate.value).toBeGreaterThan(bounds.lower - 1e-9);
  });

  // A start in one component of a mixture for ever, and one component for ever after a coin toss.
  test("T17: a mixture averages its components", () => {
    const mixed = blockDiagonal([zeroOneRandom({ p: 0.3 }), goldenMean({ p: 0.5 })], [0.25, 0.75]);
    const expected = 0.25 * entropyRate(zeroOneRandom({ p: 0.3 })).value + 0.75 * (2 / 3);
    const bounds = entropyRate(mixed, { method: "bounds" });
    expect(bounds.lower).toBeLessThanOrEqual(expected + 1e-12);
    expect(bounds.upper).toBeGreaterThanOrEqual(expected - 1e-12);
    // it is told within finitely many tokens which component it is, so its presentation may be infinite
    expect(entropyRate(mixed).value).toBeCloseTo(expected, 6);
  });

  test.prop([nonErgodicHmm()], { numRuns: 10 })("T17: bounds of a mixture enclose the average", (mixture) => {
    const limits = { maxStates: 100, method: "bounds" } as const;
    const { lower, upper } = entropyRate(mixture.process, limits);
    const parts = mixture.components.map((component) => entropyRate(component, limits));
    const mean = (side: "lower" | "upper") =>
      parts.reduce((sum, part, k) => sum + (mixture.weights[k] ?? 0) * part[side], 0);
    expect(lower).toBeLessThan(mean("upper") + 1e-10);
    expect(upper).toBeGreaterThan(mean("lower") - 1e-10);
  });

  test("units", () => {
    expect(entropyRate(coin({ p: 0.5 }), { unit: "nats" })).toMatchObject({ unit: "nats", method: "presentation" });
    expect(entropyRate(coin({ p: 0.5 }), { unit: "nats" }).value).toBeCloseTo(Math.LN2, 14);
    const [bits, nats] = (["bits", "nats"] as const).map((unit) => {
      return entropyRate(mess3({ x: 0.15, a: 0.6 }), { ...small, unit, tolerance: 0 });
    });
    expect(nats?.lower).toBeCloseTo((bits?.lower ?? 0) * Math.LN2, 12);
    expect(nats?.upper).toBeCloseTo((bits?.upper ?? 0) * Math.LN2, 12);
  });
});

describe("Monte-Carlo", () => {
  test.each([
    ["simpleNonunifilar", simpleNonunifilar({ p: 0.5, q: 0.5 }), 0.677867181],
    ["mess3", mess3({ x: 0.15, a: 0.6 }), 1.5709336],
    ["fanizza", fanizza({ alpha: 2000, lambda: 0.49 }), 0.93018],
  ])("%s within five standard errors", (_, process, expected) => {
    const rate = entropyRate(process, { method: "monte-carlo", samples: 100, sampleLength: 60, key: createKey(11) });
    if (rate.method !== "monte-carlo") throw new Error("asked for Monte-Carlo");
    expect(rate).toMatchObject({ certified: false, samples: 100, sampleLength: 60 });
    expect(Math.abs(rate.value - expected)).toBeLessThan(5 * rate.standardError + 1e-9);
    expect(rate.upper - rate.value).toBeCloseTo(2 * rate.standardError, 14);
    expect(rate.key).toEqual(createKey(11));
  });
});

describe("bad input", () => {
  const process = mess3({ x: 0.15, a: 0.6 });
  test.each([
    [{ maxStates: 0 }, "maxStates is 0"],
    [{ maxLength: 0 }, "maxLength is 0"],
    [{ maxLength: Number.NaN }, "maxLength is NaN"],
    [{ tolerance: -1 }, "tolerance is -1"],
    [{ tolerance: Number.NaN }, "tolerance is NaN"],
    [{ method: "monte-carlo", samples: 1 }, "samples is 1"],
    [{ method: "monte-carlo", sampleLength: 1 }, "sampleLength is 1"],
  ] as const)("%j", (options, message) => {
    expect(() => entropyRate(process, options)).toThrow(`entropyRate: ${message}`);
  });

  test("unknown method or unit", () => {
    // @ts-expect-error the compiler refuses it too
    expect(() => entropyRate(process, { method: "guess" })).toThrow("method is guess");
    // @ts-expect-error the compiler refuses it too
    expect(() => entropyRate(process, { unit: "dits" })).toThrow("unit is dits");
  });

  test("a closed form of an infinite presentation is refused", () => {
    expect(() => entropyRate(process, { method: "presentation", maxStates: 50 })).toThrow(UnsupportedError);
    // beliefs that converge to one another are no finite presentation, although they can be merged
    const converging = simpleNonunifilar({ p: 0.3, q: 0.6 });
    expect(() => entropyRate(converging, { method: "presentation" })).toThrow(UnsupportedError);
  });

  test("a process of one token has none", () => {
    expect(
      entropyRate(
        createHmm({
          operators: [
            [
              [0.5, 0.5],
              [1, 0],
            ],
          ],
        }),
      ).value,
    ).toBe(0);
    expect(fc.sample(hmm({ maxTokens: 1 }), { numRuns: 3, seed: 1 }).map((p) => entropyRate(p).value)).toEqual([
      0, 0, 0,
    ]);
  });
});
