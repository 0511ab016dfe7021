import { createKey } from "@semifactor/ghmm";
import { decodeEmission, families } from "@semifactor/sfp";
import { describe, expect, test } from "vitest";
import { lossPattern, segmentSource } from "./sources.ts";

const process = families.personaSegments({ code: "pairs", noise: 0.1 });

describe("lossPattern", () => {
  test("counts the 16 emission targets, or the first of each of the 4 segments", () => {
    const emissions = lossPattern(process, "emissions");
    expect(emissions).toHaveLength(20);
    // target t + 1 of [BOS | c e e e e | c e e e e | ...]: context tokens are targets 1, 6, 11, 16
    expect([...emissions].map((counts, t) => (counts === 0 ? t + 1 : 0)).filter(Boolean)).toEqual([1, 6, 11, 16]);
    const first = lossPattern(process, "first-emissions");
    expect([...first].map((counts, t) => (counts === 1 ? t + 1 : 0)).filter(Boolean)).toEqual([2, 7, 12, 17]);
  });
});

describe("segmentSource", () => {
  const key = createKey(5);

  test("is a pure function of key and step, and its batches do not overlap", () => {
    const source = segmentSource(process, { key, batchSize: 8 });
    const again = segmentSource(process, { key, batchSize: 8 });
    expect(source.batch(3).tokens).toEqual(again.batch(3).tokens);
    expect(source.batch(3).tokens).not.toEqual(source.batch(4).tokens);
    const double = segmentSource(process, { key, batchSize: 16 }).batch(1).tokens;
    expect(double.subarray(0, double.length / 2)).toEqual(source.batch(2).tokens);
  });

  test("the mask repeats the pattern for each row and counts no context token", () => {
    const { tokens, lossMask = new Uint8Array(0) } = segmentSource(process, { key, batchSize: 4 }).batch(0);
    expect(lossMask).toHaveLength(4 * 20);
    lossMask.forEach((counts, i) => {
      const target = tokens[Math.floor(i / 20) * 21 + (i % 20) + 1] ?? -1;
      expect(counts === 1).toBe(target < process.outputSize);
    });
  });

  test("narrow data stay in their contexts and are misaligned up to noise", () => {
    const { tokens } = segmentSource(process, { key, batchSize: 256, narrow: [4, 7] }).batch(0);
    let misaligned = 0;
    let emissions = 0;
    for (let row = 0; row < 256; row++) {
      let context = -1;
      for (const token of tokens.subarray(row * 21 + 1, (row + 1) * 21)) {
        if (token >= process.outputSize) {
          context = token - process.outputSize;
          expect([4, 7]).toContain(context);
        } else {
          misaligned += decodeEmission(process, { context, token }).alignment;
          emissions += 1;
        }
      }
    }
    // Bernoulli(0.9), n = 4096: standard error .0047
    expect(Math.abs(misaligned / emissions - 0.9)).toBeLessThan(5 * 0.0047);
  });
});
