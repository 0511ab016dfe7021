import { createKey, nextTokenDistribution, sampleSequences } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { phaseLockedZ1r } from "../../families/phase-locked-z1r.ts";
import { coinDivergence, coins, divergencesByWords } from "../_testing/block-divergences.ts";
import { blockProcess } from "../blocks.ts";
import { blockPair } from "./block-beliefs.ts";
import { sampleDivergences } from "./drift-sampling.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("sampleDivergences", () => {
  test("is the mean over the sampled words, with the standard error of their late means", () => {
    const options = fc.record({ samples: fc.integer({ min: 2, max: 6 }), length: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(semiFactoredProcess(), options, fc.nat(1000), (process, { samples, length }, seed) => {
        const burnIn = seed % length;
        const key = createKey(seed);
        const [a, b] = [blockProcess(process, 0), blockProcess(process, 1)];
        const { tokens } = sampleSequences(a, { count: samples, length, key });
        const divergences = Array.from({ length: samples }, (_, i) => {
          const [ours, theirs] = [a.initial.slice(), b.initial.slice()];
          return Array.from({ length }, (__, t) => {
            const [p, q] = [nextTokenDistribution(a, ours), nextTokenDistribution(b, theirs)];
            const token = tokens[i * length + t] ?? -1;
            a.step(ours, token, ours);
            b.step(theirs, token, theirs);
            return sum(Array.from(p, (value, x) => value * Math.log(value / (q[x] ?? 0))));
          });
        });
        const late = divergences.map((row) => sum(row.slice(burnIn)) / (length - burnIn));
        const mean = sum(late) / samples;
        const variance = sum(late.map((value) => (value - mean) ** 2)) / (samples - 1);
        const sampled = sampleDivergences(process, 0, blockPair("test", process, 0, 1), {
          samples,
          length,
          burnIn,
          key,
        });
        expect(sampled.mean).toBeCloseTo(mean, 10);
        expect(sampled.standardError).toBeCloseTo(Math.sqrt(variance / samples), 10);
        expect(sampled.perStep.length).toBe(length);
        sampled.perStep.forEach((value, t) => {
          expect(value).toBeCloseTo(sum(divergences.map((row) => row[t] ?? 0)) / samples, 10);
        });
      }),
      { numRuns: 30 },
    );
  });

  test("its mean at each position is that of all words", () => {
    const [process] = fc.sample(semiFactoredProcess(), { numRuns: 1, seed: 7 });
    if (process === undefined) throw new Error("no process");
    const options = { samples: 2000, length: 4, burnIn: 0, key: createKey(3) };
    const { mean, standardError, perStep } = sampleDivergences(process, 0, blockPair("test", process, 0, 1), options);
    const expected = divergencesByWords(process, 0, 1, 4);
    expect(standardError).toBeGreaterThan(0);
    expect(Math.abs(mean - sum(expected) / 4)).toBeLessThan(5 * standardError);
    // the first position is before any token
    expect(perStep[0]).toBeCloseTo(expected[0] ?? -1, 10);
  });

  test("has no error where every word has the same divergence", () => {
    const pair = blockPair("test", coins(0.2, 0.7), 0, 3);
    const options = { samples: 5, length: 7, burnIn: 2, key: createKey(0) };
    const { mean, standardError } = sampleDivergences(coins(0.2, 0.7), 0, pair, options);
    expect(mean).toBeCloseTo(coinDivergence(0.2, 0.7), 12);
    expect(standardError).toBeLessThan(1e-12);
  });

  test("is infinite from the position on at which a word could have decided it", () => {
    const process = phaseLockedZ1r();
    const options = { samples: 50, length: 40, burnIn: 20, key: createKey(1) };
    const { mean, standardError, perStep } = sampleDivergences(process, 0, blockPair("test", process, 0, 1), options);
    const from = perStep.indexOf(Number.POSITIVE_INFINITY);
    expect([mean, standardError]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(from).toBeGreaterThan(0);
    expect(perStep.subarray(0, from).every(Number.isFinite)).toBe(true);
    expect(new Set(perStep.subarray(from))).toEqual(new Set([Number.POSITIVE_INFINITY]));
  });
});
