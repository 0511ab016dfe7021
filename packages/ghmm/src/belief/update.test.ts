import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, word } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, ZeroProbabilityError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { createGhmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { netOperator } from "../process/validate.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { beliefState, nextTokenDistribution, updateBelief } from "./update.ts";

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
  }
}

const withWord = <T extends { readonly process: Process }>(
  pair: fc.Arbitrary<T>,
): fc.Arbitrary<T & { tokens: number[] }> =>
  pair.chain((value) => word(value.process).map((tokens) => ({ ...value, tokens })));
const hmmAndWord = withWord(hmm({ stationary: false }).map((process) => ({ process })));
const ghmmAndWord = withWord(gaugeTransformed().map((pair) => ({ ...pair, process: pair.ghmm })));

/** `eta0 T^h / (eta0 T^h w)` without normalising on the way. */
function beliefByDefinition(process: Process, tokens: readonly number[]): Float64Array {
  let state = process.initial.slice();
  for (const token of tokens) {
    const next = new Float64Array(process.stateDim);
    vectorTimesMatrix(state, process.operator(token), process.stateDim, next);
    state = next;
  }
  const norm = dot(state, process.normalizer);
  return state.map((value) => value / norm);
}

describe("beliefState", () => {
  test.prop([hmmAndWord])("equals its definition", ({ process, tokens }) => {
    expectClose(beliefState(process, tokens), beliefByDefinition(process, tokens), 1e-11);
  });

  test.prop([ghmmAndWord], { numRuns: 50 })("equals its definition with signs", ({ process, tokens, condition }) => {
    expectClose(beliefState(process, tokens), beliefByDefinition(process, tokens), 1e-10 * condition ** 2);
  });

  test("T2, cocycle: the belief after hh' is the belief after h updated with h'", () => {
    fc.assert(
      fc.property(hmmAndWord, fc.nat(6), ({ process, tokens }, at) => {
        let belief = beliefState(process, tokens.slice(0, at));
        for (const token of tokens.slice(at)) belief = updateBelief(process, belief, token);
        expectClose(belief, beliefState(process, tokens));
      }),
    );
  });

  test.prop([ghmmAndWord], { numRuns: 50 })("T3: b . w = 1", ({ process, tokens, condition }) => {
    expect(Math.abs(dot(beliefState(process, tokens), process.normalizer) - 1)).toBeLessThan(1e-12 * condition ** 2);
  });

  test.prop([hmmAndWord])("T3: beliefs of an HMM are distributions", ({ process, tokens }) => {
    for (const value of beliefState(process, tokens)) expect(value).toBeGreaterThanOrEqual(0);
  });

  // Goldens 21 and 22, the mixed-state tree of mess3(0.15, 0.6) (simplexity; closed forms recomputed).
  test.each([
    [[], [1 / 3, 1 / 3, 1 / 3], 1e-15],
    [[0], [0.6, 0.2, 0.2], 1e-14],
    [[0, 0], [36 / 49, 13 / 98, 13 / 98], 1e-14],
    [[0, 1], [6 / 19, 39 / 76, 13 / 76], 1e-14],
    [[2, 2, 2, 0], [0.440929, 0.146976, 0.412094], 1e-6],
    [[2, 2, 2, 2], [0.096048, 0.096048, 0.807904], 1e-6],
  ])("mess3 after %j", (tokens, expected, tolerance) => {
    expectClose(beliefState(mess3({ x: 0.15, a: 0.6 }), tokens), expected, tolerance);
  });

  test("an impossible word is an error that says where", () => {
    let caught: unknown;
    try {
      beliefState(goldenMean(), [0, 1, 1, 0]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ZeroProbabilityError);
    expect(caught).toMatchObject({ position: 2, token: 1 });
    expect(String(caught)).toContain('beliefState: token 1 ("1") at position 2 has probability zero');
  });

  test("a token out of range is named", () => {
    expect(() => beliefState(goldenMean(), [0, 2])).toThrow(InvalidArgumentError);
    expect(() => beliefState(goldenMean(), [0, 2])).toThrow("beliefState: the token at position 1 is 2");
    expect(() => beliefState(goldenMean(), [Number.NaN])).toThrow("the token at position 0 is NaN");
  });

  test("the initial state is not changed", () => {
    const process = goldenMean();
    beliefState(process, [0, 1]);
    expect(Array.from(process.initial)).toEqual([2 / 3, 1 / 3]);
  });
});

describe("updateBelief", () => {
  const z1r = zeroOneRandom({ p: 0.5 });

  // Goldens 13 and 14 (simplexity, test_hidden_markov_model.py and conformance vectors).
  test("goldens", () => {
    expectClose(updateBelief(z1r, [0.4, 0.4, 0.2], 0), [0.2, 0.8, 0]);
    expectClose(updateBelief(z1r, [0.4, 0.4, 0.2], 1), [0.2, 0, 0.8]);
    expectClose(updateBelief(z1r, [0.3, 0.1, 0.6], 0), [0.5, 0.5, 0]);
  });

  // Golden 15: [2, 5, 1] is the belief [.25, .625, .125]; zeros are not a belief.
  test("a belief may be any positive multiple, but not zero", () => {
    expectClose(updateBelief(z1r, [2, 5, 1], 0), updateBelief(z1r, [0.25, 0.625, 0.125], 0));
    expect(() => updateBelief(z1r, [0, 0, 0], 0)).toThrow("updateBelief: belief . normalizer is 0");
    expect(() => updateBelief(z1r, [Number.NaN, 0, 0], 0)).toThrow("belief . normalizer is NaN");
  });

  test("the input is not changed", () => {
    const belief = Float64Array.of(0.4, 0.4, 0.2);
    updateBelief(z1r, belief, 0);
    expect(Array.from(belief)).toEqual([0.4, 0.4, 0.2]);
  });

  test("bad input", () => {
    expect(() => updateBelief(z1r, [1, 0, 0], 1)).toThrow(ZeroProbabilityError);
    expect(() => updateBelief(z1r, [1, 0], 0)).toThrow(ShapeError);
    expect(() => updateBelief(z1r, [2, 0, -1], 0)).toThrow("updateBelief: entry 2 of the belief is -1");
    expect(() => updateBelief(z1r, [1, 0, 0], 7)).toThrow("updateBelief: token is 7. Give a token index from 0 to 1");
  });
});

describe("nextTokenDistribution", () => {
  // Golden 12 (simplexity, test_hidden_markov_model.py).
  test("golden", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    expectClose(nextTokenDistribution(z1r, [0.3, 0.1, 0.6]), [0.6, 0.4]);
    expectClose(nextTokenDistribution(z1r, [0.5, 0.3, 0.2]), [0.6, 0.4]);
  });

  test.prop([ghmmAndWord], { numRuns: 50 })("is a distribution, and what step returns", (instance) => {
    const { process, tokens, condition } = instance;
    const belief = beliefState(process, tokens);
    const next = nextTokenDistribution(process, belief);
    expect(Math.abs(next.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-11 * condition ** 2);
    const out = new Float64Array(process.stateDim);
    next.forEach((probability, token) => {
      expect(Math.abs(process.step(belief, token, out) - probability)).toBeLessThan(1e-11 * condition ** 2);
    });
  });

  test("bad input", () => {
    expect(() => nextTokenDistribution(goldenMean(), [1])).toThrow(ShapeError);
    expect(() => nextTokenDistribution(goldenMean(), [-1, -1])).toThrow("belief . normalizer is -2");
    expect(() => nextTokenDistribution(goldenMean(), [1.5, -0.5])).toThrow("entry 1 of the belief is -0.5");
  });

  test("a vector that is no belief of a signed process is refused, rounding is not", () => {
    // States (1, r) with P(0) = (1 + r) / 2: beliefs have |r| <= 1.
    const signed = createGhmm({
      operators: [
        [
          [0.5, 0],
          [0.5, 0],
        ],
        [
          [0.5, 0],
          [-0.5, 0],
        ],
      ],
      normalizer: [1, 0],
      initial: [1, 0],
    });
    expect(Array.from(nextTokenDistribution(signed, [1, -1 - 1e-9]))).toEqual([0, 1 + 5e-10]);
    expect(() => nextTokenDistribution(signed, [1, 3])).toThrow("token 1 has probability -1 after this belief");
  });

  test("operators are read once, not at every call", () => {
    const process = goldenMean();
    let reads = 0;
    const counted: Process = {
      ...process,
      operator: (token) => {
        reads++;
        return process.operator(token);
      },
    };
    for (let i = 0; i < 3; i++) expectClose(nextTokenDistribution(counted, [1, 0]), [0.5, 0.5]);
    expect(reads).toBe(2);
  });
});

describe("T6, belief martingale", () => {
  test.prop([ghmmAndWord], { numRuns: 50 })("E[b(hX) | h] = b(h) T", ({ process, tokens, condition }) => {
    const { stateDim } = process;
    const belief = beliefState(process, tokens);
    const mean = new Float64Array(stateDim);
    nextTokenDistribution(process, belief).forEach((probability, token) => {
      updateBelief(process, belief, token).forEach((value, s) => {
        mean[s] = (mean[s] ?? 0) + probability * value;
      });
    });
    const operators = process.alphabet.map((_, token) => process.operator(token));
    const expected = new Float64Array(stateDim);
    vectorTimesMatrix(belief, netOperator(operators, stateDim), stateDim, expected);
    expectClose(mean, expected, 1e-10 * condition ** 2);
  });
});
