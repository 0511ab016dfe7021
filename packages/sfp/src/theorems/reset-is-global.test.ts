import { beliefState, chainProduct, coin, goldenMean, mess3, tensorProduct } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { resetFactor } from "../intervention/reset-factor.ts";
import { genericHmm } from "./_internal/generic-hmm.ts";
import { resetIsGlobal } from "./reset-is-global.ts";

describe("resetIsGlobal (T26)", () => {
  test("holds on random instances; each counterexample fails visibly", () => {
    const { holds, counterexamples } = checkTheorem(resetIsGlobal);
    expect(holds).toBe(true);
    for (const { violates, residual } of counterexamples) {
      expect(violates).toBe(true);
      expect(residual).toBeGreaterThan(0.01);
    }
    expect(new Set(counterexamples.map(({ drops }) => drops)).size).toBe(resetIsGlobal.hypotheses.length);
  });

  test("random instances have two states to reset, second factors that matter, and chains", () => {
    const drawn = fc.sample(resetIsGlobal.arbitrary, { numRuns: 200, seed: 3 });
    const wide = drawn.filter(
      ({
        structure: {
          factors: [a, c],
        },
      }) => a.dimension > 1 && c.dimension > 1,
    );
    expect(wide.length).toBeGreaterThan(50);
    expect(drawn.filter(({ second }) => second === "through tokens").length).toBeGreaterThan(50);
  });

  test("in 160 generic processes the same reset changes the capability's law", () => {
    // theory notes, T26: all 160 random instances
    for (let seed = 0; seed < 160; seed++) {
      const process = genericHmm({ seed, dimensions: [2, 2], tokens: 4 });
      const structure = alignmentAndCapability(2, 2);
      expect(resetIsGlobal.residual({ process, structure, tokenSizes: [2, 2], to: [0, 1] })).toBeGreaterThan(1e-4);
    }
  });

  test("and the alignment's law after it depends on the history", () => {
    const process = genericHmm({ seed: 5, dimensions: [2, 2], tokens: 4 });
    const reset = resetFactor(alignmentAndCapability(2, 2), { factor: "alignment", to: 1 });
    const law = (word: readonly number[]) => {
      const initial = reset.apply(beliefState(process, word));
      return wordsOfLength({ ...process, initial }, 1)
        .filter(({ tokens: [token = 0] }) => token >= 2)
        .reduce((sum, { probability }) => sum + probability, 0);
    };
    expect(Math.abs(law([0, 0]) - law([3, 3]))).toBeGreaterThan(1e-3);
  });

  test("by hand: a chain of coins, where y = 0 with 9/10 after u = 0 and 3/10 after u = 1", () => {
    const chain = resetIsGlobal.counterexamples.find(({ drops }) => drops === "independent")?.instance;
    if (chain === undefined) throw new Error("there is no such counterexample");
    // from the bit at 0: P(y = 0) = .9 * .9 + .1 * .3 = .84; at 1: .2 * .9 + .8 * .3 = .42
    expect(resetIsGlobal.residual({ ...chain, maxLength: 1 })).toBeCloseTo(0.42, 12);
    expect(resetIsGlobal.residual({ ...chain, second: "through tokens" })).toBeLessThan(1e-15);
  });

  test("the first factor's process is really compared", () => {
    const first = goldenMean({ p: 0.5 });
    const process = tensorProduct(first, mess3({ x: 0.15, a: 0.6 }));
    const instance = { process, structure: alignmentAndCapability(2, 3), tokenSizes: [2, 3], to: [0.3, 0.7] } as const;
    expect(resetIsGlobal.residual({ ...instance, first })).toBeLessThan(1e-14);
    expect(resetIsGlobal.residual({ ...instance, first: goldenMean({ p: 0.4 }) })).toBeGreaterThan(0.01);
  });

  test("subjects: independent, chained, neither, and not enough declared", () => {
    const factors = [
      { name: "alignment", dimension: 2 },
      { name: "capability", dimension: 1 },
    ];
    const independent = tensorProduct(goldenMean({ p: 0.5 }), coin({ p: 0.3 }));
    const chain = chainProduct({ first: goldenMean({ p: 0.5 }), variants: [coin({ p: 0.3 }), coin({ p: 0.6 })] });
    const second = (process: typeof chain) =>
      resetIsGlobal.instanceOf({ process, factors, tokenSizes: [2, 2] })?.second;
    expect(second(independent)).toBe("unchanged");
    expect(second(chain)).toBe("through tokens");
    const phases = [factors[0] ?? { name: "a", dimension: 2 }, { name: "phase", dimension: 3 }];
    const persona = personaZ1r({ variant: "semi" });
    expect(resetIsGlobal.instanceOf({ process: persona, factors: phases, tokenSizes: [2, 2] })).toBeUndefined();
    expect(resetIsGlobal.instanceOf({ process: chain, factors })).toBeUndefined();
    expect(resetIsGlobal.instanceOf({ process: chain, factors, tokenSizes: [4] })).toBeUndefined();
    expect(resetIsGlobal.instanceOf({ process: chain, factors, tokenSizes: [2, 3] })).toBeUndefined();
    const instance = resetIsGlobal.instanceOf({ process: chain, factors, tokenSizes: [2, 2] });
    expect(instance === undefined ? 1 : resetIsGlobal.residual(instance)).toBeLessThan(1e-14);
  });

  test("bad input", () => {
    const process = personaZ1r();
    const instance = { process, structure: process.structure, tokenSizes: [2, 2], to: [0, 1] } as const;
    expect(() => resetIsGlobal.residual({ ...instance, maxLength: 0 })).toThrow("maxLength is 0");
    expect(() => resetIsGlobal.residual({ ...instance, to: [1] })).toThrow("to has 1 entries");
    expect(() => resetIsGlobal.residual({ ...instance, matrix: new Float64Array(4) })).toThrow("matrix has 4 entries");
    expect(() => resetIsGlobal.residual({ ...instance, structure: alignmentAndCapability(2, 2) })).toThrow(
      "initial has 6",
    );
  });
});
