import {
  chainProduct,
  changeBasis,
  coin,
  createHmm,
  goldenMean,
  hankelRank,
  tensorProduct,
  tomQuantum,
} from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenInformation } from "../entanglement/token-information.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { independentTokens } from "./independent-tokens.ts";

const without = (drops: string) => independentTokens.counterexamples.filter((it) => it.drops === drops);

describe("independentTokens (T32)", () => {
  test("holds on random instances and fails without its hypotheses", () => {
    const { holds, counterexamples } = checkTheorem(independentTokens);
    expect(holds).toBe(true);
    expect(counterexamples.every(({ violates }) => violates)).toBe(true);
    expect(counterexamples.map(({ residual }) => residual)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      2,
    ]);
  });

  test("random instances have two factors with memory, some in redundant states", () => {
    const sample = fc.sample(independentTokens.arbitrary, 60);
    const ranks = sample.map(({ process }) => [hankelRank(process), process.stateDim] as const);
    expect(ranks.filter(([rank]) => rank >= 4).length).toBeGreaterThan(5);
    expect(ranks.filter(([rank, dimension]) => rank < dimension).length).toBeGreaterThan(5);
    for (const { process, tokenSizes } of sample.slice(0, 10)) {
      expect(tokenInformation(process, { tokenSizes, maxLength: 2 }).information[2]).toBeLessThan(1e-9);
    }
  });

  test("two clocks: rank four from the stationary start, two from the known phase, with independent tokens in both", () => {
    // theory notes, T32
    const [pure] = without("stationary start");
    expect(pure === undefined ? 0 : hankelRank(pure.instance.process)).toBe(2);
    const clock = createHmm({
      operators: [
        [
          [0, 1],
          [0, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
    });
    expect(hankelRank(clock)).toBe(2);
    const pair = tensorProduct(clock, clock);
    expect(hankelRank(pair)).toBe(4);
    expect(independentTokens.residual({ process: pair, tokenSizes: [2, 2] })).toBeLessThan(1e-12);
    const information =
      pure && tokenInformation(pure.instance.process, { tokenSizes: [2, 2], maxLength: 4 }).information;
    expect(Math.max(...(information ?? [1]))).toBeLessThan(1e-12);
  });

  test("converse: random coupled tokens are never similar to the product of their marginals", () => {
    fc.assert(
      fc.property(hmm({ maxStates: 3, maxTokens: 4 }), (process) => {
        fc.pre(process.alphabet.length === 4);
        const { information } = tokenInformation(process, { tokenSizes: [2, 2], maxLength: 2 });
        fc.pre((information[2] ?? 0) > 1e-6);
        expect(independentTokens.residual({ process, tokenSizes: [2, 2] })).toBe(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 20 },
    );
  });

  test("quantum factors in coordinates that mix them; a chain is no product", () => {
    const process = tensorProduct(tomQuantum({ alpha: 1, beta: 3 }), goldenMean({ p: 0.5 }));
    const basis = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (__, j) => (i === j ? 2 : (i + 2 * j) % 3 ? 0 : 0.5)),
    );
    expect(independentTokens.residual({ process: changeBasis(process, basis), tokenSizes: [4, 2] })).toBeLessThan(
      1e-10,
    );
    const chain = chainProduct({ first: coin({ p: 0.5 }), variants: [coin({ p: 0.2 }), coin({ p: 0.9 })] });
    expect(independentTokens.residual({ process: chain, tokenSizes: [2, 2] })).toBe(Number.POSITIVE_INFINITY);
  });

  test("a subject needs two parts of tokens that are independent, and a stationary start", () => {
    const tokenSizes = [2, 2];
    expect(independentTokens.instanceOf({ process: phaseLockedZ1r(), tokenSizes })?.tokenSizes).toEqual([2, 2]);
    expect(independentTokens.instanceOf({ process: phaseLockedZ1r() })).toBeUndefined();
    expect(independentTokens.instanceOf({ process: phaseLockedZ1r(), tokenSizes: [2, 2, 1] })).toBeUndefined();
    expect(independentTokens.instanceOf({ process: personaZ1r(), tokenSizes })).toBeUndefined();
    const [pure] = without("stationary start");
    expect(pure && independentTokens.instanceOf({ process: pure.instance.process, tokenSizes })).toBeUndefined();
  });

  test("bad input", () => {
    expect(() => independentTokens.residual({ process: phaseLockedZ1r(), tokenSizes: [2, 3] })).toThrow(
      "sizes is [2, 3]",
    );
    expect(() =>
      independentTokens.residual({ process: phaseLockedZ1r(), ...JSON.parse('{ "tokenSizes": [4] }') }),
    ).toThrow("tokenSizes has 1 entries");
  });

  test("no false alarm where two realizations of one process differ by more than a word does", () => {
    // the instance 371 of key 0: no word of length three differs by more than 2e-13, and areEquivalent at its own tolerance finds one
    const [instance] = fc.sample(independentTokens.arbitrary, { seed: 0, path: "371", numRuns: 1 });
    if (instance === undefined) throw new Error("an instance was drawn");
    expect(checkTheorem(independentTokens, { instance }).failure).toBeUndefined();
  });
});
