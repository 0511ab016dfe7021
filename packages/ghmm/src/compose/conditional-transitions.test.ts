import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { nextTokenDistribution, updateBelief } from "../belief/update.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { expectLaw } from "./_testing/brute-force.ts";
import { conditionalTransitions } from "./conditional-transitions.ts";
import { relabelTokens } from "./relabel-tokens.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

/** `P(u | s)` and `P(s' | s, u)` of an HMM. */
const emits = (process: Process, s: number, u: number): number =>
  process
    .operator(u)
    .subarray(s * process.stateDim, (s + 1) * process.stateDim)
    .reduce((sum, value) => sum + value, 0);
const moves = (process: Process, s: number, u: number, next: number): number =>
  (process.operator(u)[s * process.stateDim + next] ?? 0) / emits(process, s, u);

/** Probability of a word of pairs by summing over all paths of hidden pairs, from the words of the definition. */
function byPaths(
  [a, c]: readonly [readonly Process[], readonly Process[]],
  choose: (u: number, y: number) => { emitA: number; emitC: number; moveA: number; moveC: number },
  word: readonly number[],
): number {
  const [a0, c0] = [a[0], c[0]];
  if (a0 === undefined || c0 === undefined) return Number.NaN;
  const size = c0.alphabet.length;
  const from = (s: number, r: number, t: number): number => {
    if (t === word.length) return 1;
    const [u, y] = [Math.floor((word[t] ?? 0) / size), (word[t] ?? 0) % size];
    const { emitA, emitC, moveA, moveC } = choose(u, y);
    const [eA = a0, eC = c0, mA = a0, mC = c0] = [a[emitA], c[emitC], a[moveA], c[moveC]];
    let sum = 0;
    for (let s2 = 0; s2 < a0.stateDim; s2++) {
      for (let r2 = 0; r2 < c0.stateDim; r2++) {
        sum += moves(mA, s, u, s2) * moves(mC, r, y, r2) * from(s2, r2, t + 1);
      }
    }
    return emits(eA, s, u) * emits(eC, r, y) * sum;
  };
  let total = 0;
  a0.initial.forEach((p, s) => {
    c0.initial.forEach((q, r) => {
      total += p * q * from(s, r, 0);
    });
  });
  return total;
}

const pairs = fc.tuple(
  hmm({ maxStates: 2, maxTokens: 2, stationary: false }),
  hmm({ maxStates: 2, maxTokens: 2, stationary: false }),
);
const twoOf = (process: Process) => [process, withNoise(process, { epsilon: 0.5 })] as const;

describe("conditionalTransitions", () => {
  test.prop([pairs, fc.infiniteStream(fc.nat(1))], { numRuns: 30 })(
    "words have the probability of the definition, summed over all hidden paths",
    ([a, c], bits) => {
      const bit = () => bits.next().value ?? 0;
      const count = a.alphabet.length * c.alphabet.length;
      const [moveA, moveC] = [Array.from({ length: count }, bit), Array.from({ length: count }, bit)];
      const emissionA = bit();
      const emissionC = a.alphabet.map(bit);
      const [inA, inC] = [twoOf(a), twoOf(c)];
      const joint = conditionalTransitions({
        factors: [
          { variants: inA, emission: emissionA, transition: moveA },
          { variants: inC, emission: emissionC, transition: moveC },
        ],
      });
      expect(joint.certificate.kind).toBe("hmm");
      const choose = (u: number, y: number) => {
        const token = u * c.alphabet.length + y;
        return { emitA: emissionA, emitC: emissionC[u] ?? 0, moveA: moveA[token] ?? 0, moveC: moveC[token] ?? 0 };
      };
      expectLaw(joint, 2, (word) => byPaths([inA, inC], choose, word));
    },
  );

  test.prop([pairs], { numRuns: 20 })("one variant each: the independent product", ([a, c]) => {
    const transition = new Array<number>(a.alphabet.length * c.alphabet.length).fill(0);
    const joint = conditionalTransitions({ factors: [a, c].map((process) => ({ variants: [process], transition })) });
    const product = tensorProduct(a, c);
    expect(joint.alphabet).toEqual(product.alphabet);
    expectLaw(joint, 3, (word) => wordProbability(product, word));
  });

  const steady = [0, 0, 0, 0];
  const coins = (...chances: number[]) => chances.map((p) => coin({ p }));
  // Goldens 39 and 40 (simplexity).
  test("independent emissions, and an emission chain", () => {
    const independent = conditionalTransitions({
      factors: [
        { variants: coins(0.5, 0.2), emission: 1, transition: steady },
        { variants: coins(0.5, 0.9), emission: 0, transition: steady },
      ],
    });
    Array.from(nextTokenDistribution(independent, independent.initial)).forEach((p, token) => {
      expect(p).toBeCloseTo([0.1, 0.1, 0.4, 0.4][token] ?? 0, 14);
    });
    const chained = conditionalTransitions({
      factors: [
        { variants: coins(0.6), transition: steady },
        { variants: coins(0.9, 0.3), emission: [1, 0], transition: steady },
      ],
    });
    Array.from(nextTokenDistribution(chained, chained.initial)).forEach((p, token) => {
      expect(p).toBeCloseTo([0.18, 0.42, 0.36, 0.04][token] ?? 0, 14);
    });
  });

  // Golden 41 (simplexity): the joint token 1 selects the variant that goes to state 1.
  test("the transition that a token selects", () => {
    const stay = createHmm({
      operators: [
        [
          [0.5, 0],
          [0, 0.5],
        ],
        [
          [0.5, 0],
          [0, 0.5],
        ],
      ],
      initial: [0.3, 0.7],
    });
    const toOne = createHmm({
      operators: [
        [
          [0, 0.5],
          [0, 0.5],
        ],
        [
          [0, 0.5],
          [0, 0.5],
        ],
      ],
      initial: [0.3, 0.7],
    });
    const joint = conditionalTransitions({
      factors: [
        { variants: coins(0.5), transition: steady },
        { variants: [stay, toOne], transition: [0, 1, 0, 0] },
      ],
    });
    expect(Array.from(updateBelief(joint, [0.3, 0.7], 1))).toEqual([0, 1]);
    expect(updateBelief(joint, [0.3, 0.7], 0)[0]).toBeCloseTo(0.3, 14);
  });

  test.prop([gaugeTransformed({ maxStates: 2, maxTokens: 2 })], { numRuns: 10 })(
    "signed variants that emit alike may select each other's transitions",
    ({ ghmm, hmm: process }) => {
      const transition = new Array<number>(ghmm.alphabet.length * 2).fill(0).map((_, x) => x % 2);
      const build = (variant: Process) =>
        conditionalTransitions({
          factors: [
            { variants: [variant, { ...variant }], transition },
            { variants: coins(0.5), transition: transition.map(() => 0) },
          ],
        });
      expectLaw(build(ghmm), 2, (word) => wordProbability(build(process), word), 1e-9);
    },
  );

  test("bad input", () => {
    const one = { variants: coins(0.5), transition: [0, 0] };
    expect(() => conditionalTransitions({ factors: [] })).toThrow(ShapeError);
    expect(() => conditionalTransitions({ factors: [{ ...one, variants: [] }] })).toThrow(ShapeError);
    expect(() => conditionalTransitions({ factors: [{ ...one, transition: [0] }] })).toThrow(ShapeError);
    expect(() => conditionalTransitions({ factors: [{ ...one, transition: [0, 2] }] })).toThrow(
      "factors[0].transition[1] is 2",
    );
    expect(() => conditionalTransitions({ factors: [{ ...one, emission: 1 }] })).toThrow("factors[0].emission[0] is 1");
    expect(() => conditionalTransitions({ factors: [{ ...one, emission: [0, 0] }] })).toThrow(ShapeError);
    expect(() => conditionalTransitions({ factors: [{ variants: coins(0.5, 1), transition: [0, 1] }] })).toThrow(
      "variant 0 of factors[0] emits token 1 in a state in which variant 1 cannot move on it",
    );
    const signed = {
      ...relabelTokens(coin({ p: 0.2 }), [1, 0]),
      alphabet: ["0", "1"],
      certificate: { kind: "kraus", dimension: 1 },
    } as const;
    expect(() =>
      conditionalTransitions({ factors: [{ variants: [coin({ p: 0.2 }), signed], transition: [0, 1] }] }),
    ).toThrow(InvalidArgumentError);
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    const variants = [coin({ p: 0.5 })];
    for (const factors of [null, 3, new Array(2), [null], [{ variants: null, transition: [0, 0] }]]) {
      expect(() => conditionalTransitions({ factors: factors as never })).toThrow("conditionalTransitions: factors");
    }
    for (const transition of [null, undefined, "00", new Array(2)]) {
      const call = () => conditionalTransitions({ factors: [{ variants, transition: transition as never }] });
      expect(call).toThrow("conditionalTransitions: factors[0].transition");
    }
  });
});
