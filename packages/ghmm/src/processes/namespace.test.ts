import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { dot } from "../numeric/matrix.ts";
import { stationaryState } from "../process/stationary.ts";
import * as named from "./index.ts";
import { processes } from "./namespace.ts";

const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const anyHmm = fc.oneof(
  open.map((p) => processes.coin({ p })),
  open.map((p) => processes.goldenMean({ p })),
  open.map((p) => processes.evenOnes({ p })),
  open.map((p) => processes.zeroOneRandom({ p })),
  fc.tuple(open, open).map(([x, a]) => processes.mess3({ x: x / 2, a })),
  fc.tuple(open, open).map(([p1, p2]) => processes.rrxor({ p1, p2 })),
  fc.tuple(open, open, open).map(([p1, p2, epsilon]) => processes.leakyRrxor({ p1, p2, epsilon })),
  fc.tuple(open, open).map(([p, q]) => processes.simpleNonunifilar({ p, q })),
  fc.tuple(open, open).map(([p, q]) => processes.mrName({ p: p * (1 - q), q })),
  fc.array(open, { maxLength: 5 }).map((rest) => processes.matchingParentheses({ openProbabilities: [1, ...rest] })),
  fc.constant(processes.daysOfWeek()),
);
const anySigned = fc.oneof(
  fc.tuple(open, open).map(([alpha, beta]) => processes.tomQuantum({ alpha: 4 * alpha, beta: 4 * beta })),
  fc.tuple(open, open).map(([alpha, x]) => processes.fanizza({ alpha: 6 * alpha, lambda: x / 2 })),
  fc.tuple(open, open).map(([x, beta]) => processes.postQuantum({ logAlpha: 0.1 + 3 * x, beta })),
);

describe("the named processes", () => {
  test("are the functions of their own names, and cannot be replaced", () => {
    const { list, ...functions } = processes;
    const { processes: _, ...exported } = named;
    expect(functions).toEqual(exported);
    expect(Object.keys(functions)).toHaveLength(14);
    expect(list()).toHaveLength(14);
    expect(Object.isFrozen(processes)).toBe(true);
  });

  test.prop([anyHmm])("hidden Markov models start in their stationary state", (process) => {
    const pi = stationaryState(process);
    process.initial.forEach((value, s) => {
      expect(Math.abs(value - (pi[s] ?? Number.NaN))).toBeLessThan(1e-12);
    });
    expect(process.certificate).toEqual({ kind: "hmm" });
  });

  test.prop([anySigned], { numRuns: 20 })("the others do too, and say that they have signs", (process) => {
    const pi = stationaryState(process);
    process.initial.forEach((value, s) => {
      expect(Math.abs(value - (pi[s] ?? Number.NaN))).toBeLessThan(1e-8 * (1 + Math.abs(value)));
    });
    expect(dot(process.initial, process.normalizer)).toBeCloseTo(1, 9);
    expect(["kraus", "unchecked"]).toContain(process.certificate.kind);
  });

  // GOLDENS 29
  test.prop([fc.oneof(anyHmm, anySigned)], { numRuns: 40 })(
    "words of each length have total probability one",
    (process) => {
      const tokens = process.alphabet.map((_, token) => token);
      let words: readonly (readonly number[])[] = [[]];
      for (let length = 1; length <= 3; length++) {
        words = words.flatMap((word) => tokens.map((token) => [...word, token]));
        const probabilities = words.map((word) => wordProbability(process, word));
        expect(probabilities.every((value) => value >= 0)).toBe(true);
        // words with an impossible token count as zero, so the tolerance is above 1e-12 times their number
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 8);
      }
    },
  );
});
