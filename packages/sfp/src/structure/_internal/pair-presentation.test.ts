import { describe, expect, test } from "vitest";
import { personaMess3 } from "../../families/persona-mess3.ts";
import { personaZ1r } from "../../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../../families/phase-locked-z1r.ts";
import { coinDivergence, coins, divergencesByWords } from "../_testing/block-divergences.ts";
import { blockPair } from "./block-beliefs.ts";
import { divergencesByPosition, longRunDivergence, type PairPresentation, presentPair } from "./pair-presentation.ts";

/** The pairs of the first two blocks, which must be finitely many. */
function present(process: Parameters<typeof blockPair>[1], other = 1): PairPresentation {
  const presentation = presentPair(blockPair("test", process, 0, other), 1e-9, 500);
  if (presentation === undefined) throw new Error("more than 500 pairs of beliefs");
  return presentation;
}

describe("presentPair", () => {
  test("coins have one pair of beliefs, which every token leads back to", () => {
    const { steps, divergences } = present(coins(0.2, 0.7), 3);
    // the other part of a token is a fair coin in both
    expect(steps.map(({ from, to }) => [from, to])).toEqual(new Array(4).fill([0, 0]));
    expect(steps.map(({ probability }) => Number(probability.toFixed(12)))).toEqual([0.4, 0.4, 0.1, 0.1]);
    expect(divergences.length).toBe(1);
    expect(divergences[0]).toBeCloseTo(coinDivergence(0.2, 0.7), 12);
  });

  test.each(["semi", "semi-s"] as const)(
    "personas over Z1R (%s): a chain whose positions are those of the words",
    (variant) => {
      const process = personaZ1r({ variant });
      const presentation = present(process);
      const { steps, divergences } = presentation;
      const rows = new Float64Array(divergences.length);
      for (const { from, probability } of steps) rows[from] = (rows[from] ?? 0) + probability;
      for (const total of rows) expect(total).toBeCloseTo(1, 12);
      // every pair but the first is reached
      expect(new Set(steps.map(({ to }) => to)).size).toBeGreaterThanOrEqual(divergences.length - 1);
      const byPosition = divergencesByPosition(presentation, 5);
      divergencesByWords(process, 0, 1, 5).forEach((expected, t) => {
        expect(byPosition[t]).toBeCloseTo(expected, 11);
      });
    },
  );

  test("gives up where there are more pairs than asked for, and not where there are as many", () => {
    expect(presentPair(blockPair("test", personaMess3({ theta: 1 }), 0, 1), 1e-9, 40)).toBeUndefined();
    const pair = blockPair("test", personaZ1r({ variant: "semi" }), 0, 1);
    const { length } = present(personaZ1r({ variant: "semi" })).divergences;
    expect(length).toBeGreaterThan(1);
    expect(presentPair(pair, 1e-9, length)?.divergences.length).toBe(length);
    expect(presentPair(pair, 1e-9, length - 1)).toBeUndefined();
  });

  test("a wider tolerance merges pairs", () => {
    const pair = blockPair("test", personaMess3({ theta: 1 }), 0, 1);
    const [fine, coarse] = [0.06, 0.1].map((tolerance) => presentPair(pair, tolerance, 2000)?.divergences.length ?? 0);
    expect(coarse).toBeGreaterThan(0);
    expect(coarse).toBeLessThan(fine ?? 0);
  });
});

describe("longRunDivergence", () => {
  const steps = (rows: readonly (readonly number[])[]) =>
    rows.flatMap((row, from) => row.flatMap((probability, to) => (probability > 0 ? [{ from, to, probability }] : [])));

  test("weighs the ends of a transient start by their probabilities", () => {
    const rows = [[0.5, 0.125, 0.375], [0, 1, 0], [0, 0, 1]]; // biome-ignore format: a matrix
    // the start leads to the second with 1/4 and to the third with 3/4
    expect(longRunDivergence({ steps: steps(rows), divergences: Float64Array.of(100, 2, 4) })).toBeCloseTo(3.5, 12);
  });

  test("is the mean over a period, where the positions have no limit", () => {
    const presentation = { steps: steps([[0, 1], [1, 0]]), divergences: Float64Array.of(1, 4) }; // biome-ignore format: a matrix
    expect(longRunDivergence(presentation)).toBeCloseTo(2.5, 12);
    expect(Array.from(divergencesByPosition(presentation, 4))).toEqual([1, 4, 1, 4]);
  });

  test("is what the positions tend to, where they do", () => {
    const presentation = present(personaZ1r({ variant: "semi" }));
    const late = divergencesByPosition(presentation, 203).subarray(200);
    const mean = late.reduce((total, value) => total + value, 0) / 3; // the period of Z1R
    expect(mean).toBeCloseTo(longRunDivergence(presentation), 10);
  });

  test("is infinite where some pair decides, from the position on at which it is reached", () => {
    const presentation = present(phaseLockedZ1r());
    expect(longRunDivergence(presentation)).toBe(Number.POSITIVE_INFINITY);
    const late = { steps: steps([[0, 1], [0, 1]]), divergences: Float64Array.of(1, Number.POSITIVE_INFINITY) }; // biome-ignore format: a matrix
    expect(Array.from(divergencesByPosition(late, 3))).toEqual([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
