import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, periodicHmm, redundantHmm, sparseHmm } from "../arbitraries/index.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { listedBlockEntropy } from "./_testing/words.ts";
import { blockEntropies } from "./block-entropies.ts";
import { optimalLoss } from "./optimal-loss.ts";

const any = fc.oneof(
  hmm({ stationary: false }),
  sparseHmm(),
  periodicHmm().map(({ process }) => process),
  redundantHmm().map(({ redundant }) => redundant),
);

describe("exact", () => {
  test.prop([any], { numRuns: 40 })("equals the sum over all words", (process) => {
    const { blockEntropy, conditional, method } = blockEntropies(process, { maxLength: 4 });
    expect(method).toBe("exact");
    expect(blockEntropy).toHaveLength(5);
    blockEntropy.forEach((value, length) => {
      expect(value).toBeCloseTo(listedBlockEntropy(process, length), 9);
      if (length > 0) expect(conditional[length - 1]).toBeCloseTo(value - (blockEntropy[length - 1] ?? 0), 12);
    });
  });

  test.prop([gaugeTransformed()], { numRuns: 30 })("does not depend on the coordinates", ({ hmm, ghmm, condition }) => {
    const [a, b] = [hmm, ghmm].map((process) => blockEntropies(process, { maxLength: 4 }).blockEntropy);
    b?.forEach((value, length) => {
      expect(Math.abs(value - listedBlockEntropy(hmm, length))).toBeLessThan(1e-9 * condition ** 2);
      expect(Math.abs(value - (a?.[length] ?? Number.NaN))).toBeLessThan(1e-9 * condition ** 2);
    });
  });

  test.prop([hmm()], { numRuns: 30 })("T7: h(L) never rises from a stationary start", (process) => {
    const { conditional } = blockEntropies(process, { maxLength: 6 });
    for (let i = 1; i < 6; i++) expect((conditional[i] ?? 0) - (conditional[i - 1] ?? 0)).toBeLessThan(1e-10);
  });

  test("T7 needs the stationary start: an HMM that starts in a state of certainty", () => {
    const process = { ...mess3({ x: 0.15, a: 0.6 }), initial: Float64Array.of(1, 0, 0) };
    const { conditional } = blockEntropies(process, { maxLength: 2 });
    expect(conditional[1]).toBeGreaterThan((conditional[0] ?? 0) + 0.01);
  });

  test.prop([any], { numRuns: 20 })("h(t + 1) is entry t of the optimal loss", (process) => {
    const { loss } = optimalLoss(process, { length: 5, unit: "bits" });
    expect(blockEntropies(process, { maxLength: 5 }).conditional).toEqual(Array.from(loss));
  });

  test("nats on request; length 0", () => {
    const { blockEntropy, unit } = blockEntropies(coin({ p: 0.5 }), { maxLength: 3, unit: "nats" });
    expect(unit).toBe("nats");
    expect(blockEntropy[3]).toBeCloseTo(3 * Math.LN2, 14);
    expect(blockEntropies(coin({ p: 0.5 }), { maxLength: 0 })).toMatchObject({ blockEntropy: [0], conditional: [] });
  });
});

describe("Monte-Carlo", () => {
  test("agrees with the exact entropies within five standard errors", () => {
    const process = mess3({ x: 0.05, a: 0.85 });
    const exact = blockEntropies(process, { maxLength: 5 });
    const sampled = blockEntropies(process, { maxLength: 5, method: "monte-carlo", samples: 1000, key: createKey(3) });
    if (sampled.method !== "monte-carlo") throw new Error("asked for Monte-Carlo");
    sampled.blockEntropy.forEach((value, length) => {
      const error = 5 * (sampled.blockStandardError[length] ?? 0) + 1e-12;
      expect(Math.abs(value - (exact.blockEntropy[length] ?? Number.NaN))).toBeLessThan(error);
    });
    sampled.conditional.forEach((value, i) => {
      const error = 5 * (sampled.conditionalStandardError[i] ?? 0) + 1e-12;
      expect(Math.abs(value - (exact.conditional[i] ?? Number.NaN))).toBeLessThan(error);
    });
  });

  test("errors of sums are those of the sums: the terms of one sequence hang together", () => {
    // After "0" the golden mean has an entropy of one bit, after "1" none, and "1" is followed by "0".
    const samples = 400;
    const result = blockEntropies(goldenMean({ p: 0.5 }), { maxLength: 2, method: "monte-carlo", samples });
    if (result.method !== "monte-carlo") throw new Error("asked for Monte-Carlo");
    const share = result.conditional[1] ?? 0;
    expect(result.blockStandardError[2]).toBeCloseTo(Math.sqrt((share * (1 - share)) / (samples - 1)), 12);
    expect(result.blockStandardError[1]).toBeCloseTo(0, 12);
    expect(result.blockStandardError).toHaveLength(3);
    expect(result.conditionalStandardError).toHaveLength(2);
  });

  test("takes over beyond maxStates, or is refused", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(blockEntropies(process, { maxLength: 5, maxStates: 20, samples: 10 }).method).toBe("monte-carlo");
    const options = { maxLength: 5, maxStates: 20, method: "exact" } as const;
    expect(() => blockEntropies(process, options)).toThrow(UnsupportedError);
    expect(() => blockEntropies(process, options)).toThrow("blockEntropies: more than 20 distinct beliefs");
  });
});

describe("bad input", () => {
  test.each([
    [{ maxLength: -1 }, "maxLength is -1"],
    [{ maxLength: Number.NaN }, "maxLength is NaN"],
    [{ maxLength: 1, maxStates: 0 }, "maxStates is 0"],
    [{ maxLength: 1, samples: 1 }, "samples is 1"],
    [{ maxLength: 1, tolerance: Number.NaN }, "tolerance is NaN"],
  ])("%j", (options, message) => {
    expect(() => blockEntropies(coin({ p: 0.5 }), options)).toThrow(`blockEntropies: ${message}`);
  });

  test("unknown unit or method", () => {
    // @ts-expect-error the compiler refuses it too
    expect(() => blockEntropies(coin({ p: 0.5 }), { maxLength: 1, unit: "dits" })).toThrow("unit is dits");
    // @ts-expect-error the compiler refuses it too
    expect(() => blockEntropies(coin({ p: 0.5 }), { maxLength: 1, method: "x" })).toThrow("method is x");
  });
});
