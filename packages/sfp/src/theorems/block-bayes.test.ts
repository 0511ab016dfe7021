import { coin, createHmm, mixture, wordProbability } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { blockProcess, blockWeights } from "../structure/blocks.ts";
import { expectedDrift } from "../structure/expected-drift.ts";
import { blockBayes } from "./block-bayes.ts";

const personas = [
  [0, 1, 2],
  [3, 4, 5],
];

describe("blockBayes (T15)", () => {
  test("holds on random instances and fails without each hypothesis", () => {
    const { holds, counterexamples } = checkTheorem(blockBayes);
    expect(holds).toBe(true);
    const [leak, law] = counterexamples.map(({ residual }) => residual);
    expect(leak).toBeGreaterThan(0.1);
    // the divergence of three tosses is 3 * 0.6 log2(4) bits, the mean over both coins zero
    expect(law).toBeCloseTo(3.6, 12);
  });

  test("random instances have blocks that words tell apart, and some with words that only one block can emit", () => {
    const drawn = fc.sample(blockBayes.arbitrary, 150);
    const weight = (law: Float64Array, states: readonly number[]) => states.reduce((sum, s) => sum + (law[s] ?? 0), 0);
    const moved = drawn.map(({ process, blocks }) =>
      wordsOfLength(process, 2).flatMap(({ belief }) =>
        blocks.map((states) => [weight(process.initial, states), weight(belief, states)] as const),
      ),
    );
    const apart = moved.filter((pairs) => pairs.some(([before, after]) => Math.abs(after - before) > 1e-3));
    const decided = moved.filter((pairs) => pairs.some(([before, after]) => before > 0.01 && after === 0));
    expect(apart.length).toBeGreaterThan(80);
    expect(decided.length).toBeGreaterThan(3);
  });

  test("drift of two coins: 1.2 bits a step (theory notes, T15: .2 and .8)", () => {
    const coins = (p: number) => mixture({ components: [coin({ p }), coin({ p: 1 - p })], weights: [0.3, 0.7] });
    const instance = { process: coins(0.2), blocks: [[0], [1]], maxLength: 6 };
    expect(blockBayes.residual(instance)).toBeLessThan(1e-13);
    // the mixture's own words: (.3 - .7) 1.2 bits a step against 1.2
    expect(blockBayes.residual({ ...instance, driftUnder: "mixture", maxLength: 1 })).toBeCloseTo(1.2 + 0.48, 12);
  });

  test("the mean is the divergence that expectedDrift reports, step by step", () => {
    const process = personaZ1r({
      random: [0.3, 0.6],
      marked: [
        [0.2, 0.3, 0.4],
        [0.8, 0.5, 0.6],
      ],
    });
    const { perStep } = expectedDrift(process, { block: 0, against: 1 });
    const [one, other] = [blockProcess(process, 0), blockProcess(process, 1)];
    const divergence = (length: number) =>
      wordsOfLength(one, length).reduce(
        (sum, { tokens, probability }) => sum + probability * Math.log2(probability / wordProbability(other, tokens)),
        0,
      );
    for (const length of [0, 1, 2, 3]) {
      expect(divergence(length + 1) - divergence(length)).toBeCloseTo(perStep[length] ?? Number.NaN, 12);
    }
    expect(blockBayes.residual({ process, blocks: personas, maxLength: 4 })).toBeLessThan(1e-12);
  });

  test("a word that only one block can emit: log odds and divergence are infinite together", () => {
    const process = mixture({ components: [coin({ p: 0.5 }), coin({ p: 0 })], weights: [0.5, 0.5] });
    expect(blockBayes.residual({ process, blocks: [[0], [1]] })).toBeLessThan(1e-14);
  });

  test("a block without weight has no posterior and does no harm", () => {
    const process = personaZ1r({ weights: [1, 0] });
    expect(Array.from(blockWeights(process, process.initial))).toEqual([1, 0]);
    expect(blockBayes.residual({ process, blocks: personas })).toBeLessThan(1e-14);
  });

  test("a leak of lambda shows as lambda", () => {
    const leak = (lambda: number) =>
      blockBayes.residual({ process: leakySector({ leak: lambda }).process, blocks: personas, maxLength: 1 });
    expect(leak(0)).toBeLessThan(1e-13);
    expect(leak(1e-6) / 1e-6).toBeGreaterThan(0.01);
  });

  test("a leak of 1/10 into a closed state by hand: log odds move by log2(0.9 / 1.1), the blocks alone say log2(0.9)", () => {
    const process = createHmm({
      operators: [
        [
          [0.9, 0.1],
          [0, 1],
        ],
      ],
      initial: [0.5, 0.5],
    });
    const residual = blockBayes.residual({ process, blocks: [[0], [1]], maxLength: 1 });
    expect(residual).toBeCloseTo(Math.log2(1.1), 14);
  });

  test("a subject needs blocks that no operator joins", () => {
    const process = personaZ1r();
    expect(blockBayes.instanceOf({ process, blocks: personas })?.blocks).toEqual(personas);
    expect(blockBayes.instanceOf({ process })).toBeUndefined();
    expect(blockBayes.instanceOf({ process: leakySector({ leak: 0.1 }).process, blocks: personas })).toBeUndefined();
  });

  test("bad input", () => {
    const process = createHmm({ operators: [[[0.5]], [[0.5]]] });
    expect(() => blockBayes.residual({ process, blocks: [[0]] })).toThrow("there is only one block");
    expect(() =>
      blockBayes.residual({
        process: personaZ1r(),
        blocks: [
          [0, 1],
          [2, 3, 4],
        ],
      }),
    ).toThrow("state 5 is in no block");
    expect(() => blockBayes.residual({ process: personaZ1r(), blocks: personas, maxLength: 0 })).toThrow(
      "maxLength is 0",
    );
  });
});
