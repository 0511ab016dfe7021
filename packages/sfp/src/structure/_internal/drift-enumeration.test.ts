import type { Process } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { coinDivergence, coins, divergencesByWords } from "../_testing/block-divergences.ts";
import { blockProcess } from "../blocks.ts";
import { partition } from "../partition.ts";
import { semiFactored } from "../semi-factored.ts";
import { blockPair } from "./block-beliefs.ts";
import { boundDivergence, enumerateDivergences } from "./drift-enumeration.ts";

const bias = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const sum = (values: Iterable<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("enumerateDivergences", () => {
  test("agrees with the divergences of whole words", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), (process) => {
        const perStep = enumerateDivergences(blockPair("test", process, 0, 1));
        expect(perStep.length).toBeGreaterThan(4);
        divergencesByWords(process, 0, 1, 4).forEach((expected, t) => {
          expect(Math.abs((perStep[t] ?? Number.NaN) - expected)).toBeLessThan(1e-11);
        });
      }),
      { numRuns: 4 },
    );
  });

  test("is constant for coins, and infinite from the first position that decides", () => {
    const perStep = enumerateDivergences(blockPair("test", coins(0.3, 0.6), 0, 3));
    for (const step of perStep) expect(step).toBeCloseTo(coinDivergence(0.3, 0.6), 12);
    const decided = enumerateDivergences(blockPair("test", coins(0.5, 0), 0, 3));
    expect(new Set(decided)).toEqual(new Set([Number.POSITIVE_INFINITY]));
  });
});

describe("boundDivergence", () => {
  test("is exact for coins", () => {
    fc.assert(
      fc.property(bias, bias, (p, q) => {
        const { lower, upper } = boundDivergence(blockPair("test", coins(p, q), 0, 3));
        const expected = coinDivergence(p, q);
        expect(Math.abs(lower - expected)).toBeLessThan(1e-11);
        expect(Math.abs(upper - expected)).toBeLessThan(1e-11);
      }),
      { numRuns: 3 },
    );
  });

  test("a window of one token: the bounds as they are defined", () => {
    const structure = alignmentAndCapability(2, 2);
    const blocks = partition({ structure, blocks: "sectors" });
    for (const seed of [1, 2, 3]) {
      // so many tokens that the words of two cannot be enumerated
      const process = semiFactored({ process: blockDiagonalHmm(blocks, 320, seed), structure, blocks });
      const pair = blockPair("test", process, 0, 1);
      expect(enumerateDivergences(pair).length).toBe(1);
      const [first, second] = [blockProcess(process, 0), blockProcess(process, 1)];
      const law = (block: Process) =>
        block.alphabet.map((_, token) => {
          const operator = block.operator(token);
          return [sum(operator.subarray(0, 2)), sum(operator.subarray(2, 4))] as const;
        });
      const net = process.alphabet.reduce(
        (total, _, token) => total.map((value, i) => value + (first.operator(token)[i] ?? 0)),
        new Float64Array(4),
      );
      // the stationary law of two states
      const [out = 0, back = 0] = [net[1], net[2]];
      const [one, two] = [back / (out + back), out / (out + back)];
      const [ours, theirs] = [law(first), law(second)];
      const mixed = ours.map(([x, y]) => one * x + two * y);
      const entropy = -sum(mixed.map((p) => p * Math.log(p)));
      const given = -sum(ours.map(([x, y]) => one * x * Math.log(x) + two * y * Math.log(y)));
      const cross = (pick: (...values: readonly number[]) => number) =>
        -sum(mixed.map((p, token) => p * Math.log(pick(...(theirs[token] ?? [])))));
      const { lower, upper } = boundDivergence(pair);
      expect(upper).toBeCloseTo(cross(Math.min) - given, 10);
      expect(lower).toBeCloseTo(Math.max(0, cross(Math.max) - entropy), 10);
    }
  });

  test("holds what the enumeration tends to, and a window of many tokens leaves little between", () => {
    fc.assert(
      fc.property(semiFactoredProcess({ maxTokens: 2 }), (process) => {
        const pair = blockPair("test", process, 0, 1);
        const { lower, upper } = boundDivergence(pair);
        const last = enumerateDivergences(pair).at(-1) ?? Number.NaN;
        expect(last).toBeGreaterThan(lower - 1e-6);
        expect(last).toBeLessThan(upper + 1e-6);
        expect(upper - lower).toBeLessThan(1e-2);
      }),
      { numRuns: 4 },
    );
  });

  test("the upper bound is infinite where a state of the other block excludes a token of the first", () => {
    expect(boundDivergence(blockPair("test", coins(0.5, 0), 0, 3)).upper).toBe(Number.POSITIVE_INFINITY);
  });
});
