import { coin, excessEntropy, goldenMean, mixture } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomial } from "../_internal/binomial.ts";
import { binaryEntropy, blockEntropyCurve, entropyBits } from "../_testing/words.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { mixtureEntropies } from "./mixture-entropies.ts";

const statesOf = (process: ReturnType<typeof phaseLockedZ1r>) => process.partition.blocks.map(({ states }) => states);

describe("mixtureEntropies (T17)", () => {
  test("holds on random instances and fails without each hypothesis", () => {
    const { holds, counterexamples } = checkTheorem(mixtureEntropies);
    expect(holds).toBe(true);
    const [same, redrawn] = counterexamples.map(({ residual }) => residual);
    // H(omega) drops: one bit
    expect(same).toBeCloseTo(1, 12);
    // a Markov chain that stays with probability .95 has entropy rate H2(.05), and excess entropy 1 - H2(.05)
    expect(redrawn).toBeCloseTo(binaryEntropy(0.05), 12);
  });

  test("random instances have two or three blocks and entropy in each of rate, excess and choice", () => {
    const drawn = fc.sample(mixtureEntropies.arbitrary, 50);
    expect(drawn.some(({ components }) => components.length === 3)).toBe(true);
    const rich = drawn.filter(
      ({ components, weights }) =>
        entropyBits(weights) > 0.1 && components.some(({ stateDim }) => stateDim > 1) && Math.min(...weights) > 0,
    );
    expect(rich.length).toBeGreaterThan(30);
  });

  test("block entropies by enumeration: H(L) = H(omega) + sum omega H_beta(L) once every word tells the block", () => {
    fc.assert(
      fc.property(
        mixtureEntropies.arbitrary.filter(({ joint }) => joint === undefined),
        ({ components, weights }) => {
          const length = Math.max(...components.map(({ stateDim }) => stateDim));
          const whole = blockEntropyCurve(mixture({ components, weights }), length)[length] ?? Number.NaN;
          const parts = components.reduce(
            (sum, one, k) => sum + (weights[k] ?? 0) * (blockEntropyCurve(one, length)[length] ?? Number.NaN),
            entropyBits(weights),
          );
          expect(Math.abs(whole - parts)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 20 },
    );
  });

  // theory notes, 2.4
  test.each([
    [0, 3.169925],
    [0.25, 3.084963],
    [0.5, 2.836592],
    [0.75, 2.401652],
    [1, 1.584963],
  ])("Z(%d) has excess entropy %d", (alpha, expected) => {
    const process = phaseLockedZ1r({ alpha });
    const instance = mixtureEntropies.instanceOf({ process, blocks: statesOf(process) });
    expect(instance === undefined ? 1 : mixtureEntropies.residual(instance)).toBeLessThan(1e-12);
    expect(excessEntropy(process).value).toBeCloseTo(expected, 6);
  });

  test("two coins, told apart in the limit only: H(L) - L h tends to one bit (theory notes, T17)", () => {
    const excess = (length: number) => {
      const block = Array.from({ length: length + 1 }, (_, k) => {
        const p = (0.2 ** k * 0.8 ** (length - k) + 0.8 ** k * 0.2 ** (length - k)) / 2;
        return -binomial(length, k) * p * Math.log2(p);
      }).reduce((sum, value) => sum + value, 0);
      return block - length * binaryEntropy(0.2);
    };
    // the formula against enumeration, where that is possible
    const coins = mixture({ components: [coin({ p: 0.2 }), coin({ p: 0.8 })], weights: [0.5, 0.5] });
    expect(excess(6)).toBeCloseTo((blockEntropyCurve(coins, 6)[6] ?? 0) - 6 * binaryEntropy(0.2), 12);
    expect(excess(10)).toBeLessThan(excess(20));
    expect(excess(50)).toBeCloseTo(1, 4);
    // no closed form: the theorem says nothing here, rather than something untested
    expect(mixtureEntropies.instanceOf({ process: coins, blocks: [[0], [1]] })).toBeUndefined();
    const components = [coin({ p: 0.2 }), coin({ p: 0.8 })];
    expect(mixtureEntropies.residual({ components, weights: [0.5, 0.5] })).toBe(Number.POSITIVE_INFINITY);
  });

  test("both claims count: a coin against another one differs in rate alone", () => {
    const instance = { components: [coin({ p: 0.2 })], weights: [1], joint: coin({ p: 0.5 }) };
    expect(mixtureEntropies.residual(instance)).toBeCloseTo(1 - binaryEntropy(0.2), 12);
  });

  test("a subject needs invariant blocks that are told apart", () => {
    const blocks = [
      [0, 1, 2],
      [3, 4, 5],
    ];
    const apart = personaZ1r({
      random: [0, 1],
      marked: [
        [0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5],
      ],
    });
    expect(mixtureEntropies.instanceOf({ process: apart, blocks })?.weights).toEqual([0.5, 0.5]);
    const same = personaZ1r({
      random: [0.5, 0.5],
      marked: [
        [0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5],
      ],
    });
    expect(mixtureEntropies.instanceOf({ process: same, blocks })).toBeUndefined();
    expect(mixtureEntropies.instanceOf({ process: apart })).toBeUndefined();
    expect(mixtureEntropies.instanceOf({ process: apart, blocks: [[0], [1, 2, 3, 4, 5]] })).toBeUndefined();
  });

  test("bad input", () => {
    const components = [goldenMean({ p: 0.5 }), coin({ p: 0.5 })];
    expect(() => mixtureEntropies.residual({ components, weights: [0.5, 0.6] })).toThrow("mixture");
    expect(() => mixtureEntropies.residual({ components, weights: [1] })).toThrow("mixture");
  });
});
