import {
  createKey,
  InvalidArgumentError,
  logWordProbability,
  ShapeError,
  sampleSequences,
  ZeroProbabilityError,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { blockLogOdds } from "./block-log-odds.ts";
import { blockProcess, withBlockWeights } from "./blocks.ts";
import { filterBlocks } from "./filter-blocks.ts";

const batchOf = (...words: readonly (readonly number[])[]) => ({
  tokens: words.flat(),
  count: words.length,
  length: words[0]?.length ?? 0,
});

describe("blockLogOdds", () => {
  test("T15 vi: prior log odds plus the log-likelihood ratio of the blocks alone", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), fc.nat(1000), (process, seed) => {
        const batch = sampleSequences(process, { count: 2, length: 8, key: createKey(seed) });
        const { logOdds } = blockLogOdds(process, batch, { blocks: [1, 0], unit: "nats" });
        const alone = [0, 1].map((beta) => blockProcess(process, beta));
        for (let i = 0; i < 2; i++) {
          for (let t = 0; t <= 8; t++) {
            const word = batch.tokens.subarray(8 * i, 8 * i + t);
            const [p = 0, q = 0] = alone.map((one) => logWordProbability(one, word));
            expect(Math.abs((logOdds[9 * i + t] ?? 0) - (logOdds[9 * i] ?? 0) - (q - p))).toBeLessThan(1e-10);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("are the differences of the log weights of the whole filter, in bits by default", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), fc.nat(1000), (process, seed) => {
        const batch = sampleSequences(process, { count: 2, length: 20, key: createKey(seed) });
        const { logWeights, blocks } = filterBlocks(process, batch, { withLogWeights: true });
        const { logOdds } = blockLogOdds(process, batch, { blocks: [0, 1] });
        logOdds.forEach((odds, row) => {
          const difference = (logWeights[row * blocks] ?? 0) - (logWeights[row * blocks + 1] ?? 0);
          expect(Math.abs(odds - difference / Math.LN2)).toBeLessThan(1e-10);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("golden: 2e5 tokens of a coin with epsilon .2 drift by 1.2 bits each", () => {
    // theory notes T15 vii; the standard deviation of a step is 2 * 2 * sqrt(.16) bits
    const process = staticLabels({ alpha: 1, first: [0.2, 0.8], second: [0.5, 0.5] });
    const length = 200_000;
    const batch = sampleSequences(blockProcess(process, 0), { count: 1, length, key: createKey(15) });
    const { logOdds } = blockLogOdds(process, batch, { blocks: [0, 3] });
    const drift = ((logOdds[length] ?? 0) - (logOdds[0] ?? 0)) / length;
    expect(Math.abs(drift - 1.2)).toBeLessThan((4 * 1.6) / Math.sqrt(length));
    expect(Number.isFinite(logOdds[length])).toBe(true);
  });

  test("a token that one of the two excludes decides for good, whichever it is", () => {
    const process = staticLabels({ first: [0, 0.5], second: [0.5, 0.5] });
    // blocks (0, .) never emit u = 1
    const batch = batchOf([0, 2, 0]);
    const { logOdds } = blockLogOdds(process, batch, { blocks: [0, 2] });
    expect(Array.from(logOdds)).toEqual([0, 1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(Array.from(blockLogOdds(process, batch, { blocks: [2, 0] }).logOdds)).toEqual([0, -1, Infinity, Infinity]);
  });

  test("refuses a word that each excludes by a token of its own", () => {
    // block (0, 0) emits (0, 0) alone, block (1, 1) only y = 1
    const process = staticLabels({ first: [0, 0.5], second: [0, 1] });
    for (const blocks of [
      [0, 3],
      [3, 0],
    ] as const) {
      expect(blockLogOdds(process, batchOf([3, 1]), { blocks }).logOdds[2]).toBe(
        blocks[0] === 3 ? Infinity : -Infinity,
      );
      expect(() => blockLogOdds(process, batchOf([3, 0]), { blocks })).toThrow(ZeroProbabilityError);
      expect(() => blockLogOdds(process, batchOf([0, 3]), { blocks })).toThrow(ZeroProbabilityError);
    }
  });

  test("refuses a word that both exclude, though others do not", () => {
    const process = staticLabels({ first: [0, 0.5], second: [0.25, 0.75] });
    let caught: unknown;
    try {
      blockLogOdds(process, batchOf([0, 2]), { blocks: [0, 1] });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ZeroProbabilityError);
    expect(caught).toMatchObject({ position: 1, token: 2 });
    expect(String(caught)).toContain("in blocks 0 and 1");
  });

  test("refuses other bad input by name", () => {
    const process = personaZ1r();
    const batch = batchOf([0]);
    expect(() => blockLogOdds(process, batch, { blocks: [0, 0] })).toThrow("blockLogOdds: both blocks are 0");
    expect(() => blockLogOdds(process, batch, { blocks: [0, 2] })).toThrow("block is 2");
    expect(() => blockLogOdds(process, batch, { blocks: [Number.NaN, 1] })).toThrow(InvalidArgumentError);
    expect(() => blockLogOdds(withBlockWeights(process, [1, 0]), batch, { blocks: [0, 1] })).toThrow(
      "block 1 has weight 0 at the start",
    );
    expect(() => blockLogOdds(process, batchOf([7]), { blocks: [0, 1] })).toThrow("7");
    expect(() => blockLogOdds(process, { tokens: [], count: 1, length: 1 }, { blocks: [0, 1] })).toThrow(ShapeError);
    // @ts-expect-error a pair is needed
    expect(() => blockLogOdds(process, batch, { blocks: [0] })).toThrow(ShapeError);
    // @ts-expect-error no such unit
    expect(() => blockLogOdds(process, batch, { blocks: [0, 1], unit: "bans" })).toThrow("unit is bans");
  });
});
