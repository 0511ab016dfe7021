import { nextTokenDistribution, wordProbability } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { coinDivergence, coins } from "../_testing/block-divergences.ts";
import { blockProcess } from "../blocks.ts";
import { blockPair, divergence } from "./block-beliefs.ts";

describe("blockPair", () => {
  const words = fc.array(fc.nat(1), { minLength: 1, maxLength: 6 });

  test("each side moves as the process of its block alone, in either order of the blocks", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), words, fc.boolean(), (process, word, swapped) => {
        const [first, second] = swapped ? [1, 0] : [0, 1];
        const alone = [blockProcess(process, first), blockProcess(process, second)] as const;
        const pair = blockPair("test", process, first, second);
        expect(pair.tokens).toBe(process.alphabet.length);
        expect(pair.sizes).toEqual(alone.map(({ stateDim }) => stateDim));
        const state = pair.initial.slice();
        const probabilities = [1, 1];
        for (const token of word) {
          probabilities[0] = (probabilities[0] ?? 0) * pair.advance(state, token, 0);
          probabilities[1] = (probabilities[1] ?? 0) * pair.advance(state, token, 1);
        }
        alone.forEach((block, side) => {
          const expected = wordProbability(block, word);
          expect(Math.abs((probabilities[side] ?? 0) / expected - 1)).toBeLessThan(1e-12);
          const belief = block.initial.slice();
          for (const token of word) block.step(belief, token, belief);
          const from = side === 0 ? 0 : (pair.sizes[0] ?? 0);
          belief.forEach((value, i) => void expect(state[from + i]).toBeCloseTo(value, 12));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("predicts the next token of both blocks and leaves the beliefs where they are", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), words, (process, word) => {
        const pair = blockPair("test", process, 0, 1);
        const state = pair.initial.slice();
        for (const token of word) {
          pair.advance(state, token, 0);
          pair.advance(state, token, 1);
        }
        const before = state.slice();
        const [p, q] = [new Float64Array(pair.tokens), new Float64Array(pair.tokens)];
        pair.predict(state, p, q);
        expect(state).toEqual(before);
        const laws = [p, q] as const;
        laws.forEach((law, side) => {
          const belief = state.subarray(side === 0 ? 0 : pair.sizes[0], side === 0 ? pair.sizes[0] : undefined);
          const expected = nextTokenDistribution(blockProcess(process, side), belief);
          law.forEach((value, token) => void expect(value).toBeCloseTo(expected[token] ?? -1, 12));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("a token that is impossible in one block moves the other alone", () => {
    const pair = blockPair("test", coins(0, 0.5), 0, 3);
    const state = pair.initial.slice();
    // the second two tokens are those with heads
    expect([2, 3].map((token) => pair.advance(state, token, 0))).toEqual([0, 0]);
    expect(state).toEqual(pair.initial);
    expect([0, 1, 2, 3].map((token) => pair.advance(state, token, 1))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe("divergence", () => {
  const law = fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    .map((weights) => Float64Array.from(weights, (w) => w / weights.reduce((sum, value) => sum + value, 0)));

  test("is positive, zero for equal laws and adds up over the parts of a token (the chain rule)", () => {
    fc.assert(
      fc.property(law, law, (p, q) => {
        const groups = (values: Float64Array) =>
          Float64Array.of((values[0] ?? 0) + (values[1] ?? 0), (values[2] ?? 0) + (values[3] ?? 0));
        const [coarseP, coarseQ] = [groups(p), groups(q)];
        const inside = [0, 1].reduce((sum, g) => {
          const part = (values: Float64Array, coarse: Float64Array) =>
            values.slice(2 * g, 2 * g + 2).map((value) => value / (coarse[g] ?? 0));
          return sum + (coarseP[g] ?? 0) * divergence(part(p, coarseP), part(q, coarseQ));
        }, 0);
        expect(divergence(p, q)).toBeGreaterThanOrEqual(0);
        expect(divergence(p, q)).toBeCloseTo(divergence(coarseP, coarseQ) + inside, 12);
        expect(divergence(p, p)).toBe(0);
      }),
    );
  });

  test("is in nats, zero terms are zero, and what only the first allows makes it infinite", () => {
    expect(divergence(Float64Array.of(0.2, 0.8), Float64Array.of(0.8, 0.2))).toBeCloseTo(coinDivergence(0.2, 0.8), 14);
    expect(divergence(Float64Array.of(0, 1), Float64Array.of(0.5, 0.5))).toBe(Math.LN2);
    expect(divergence(Float64Array.of(0, 1), Float64Array.of(0, 1))).toBe(0);
    expect(divergence(Float64Array.of(0.5, 0.5), Float64Array.of(0, 1))).toBe(Number.POSITIVE_INFINITY);
  });
});
