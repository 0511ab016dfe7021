import { excessEntropy, hankelRank } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockEntropyCurve, mutualInformationOf, wordsOfLength } from "../../_testing/words.ts";
import { findBlocks } from "../../discover/find-blocks.ts";
import { operatorFactorization } from "../../discover/operator-factorization.ts";
import { mutualInformation } from "../../entanglement/index.ts";
import { blockProcess } from "../../structure/blocks.ts";
import { personaZ1r } from "../persona-z1r.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { personaZ1rDescription as family } from "./persona-z1r.ts";

// squares of numbers below 1e-162 vanish, where singular values do not
const p = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const variants = ["factored", "semi", "semi-s"] as const;

describe("closed forms of personaZ1r", () => {
  test("operator-Schmidt entropies and distance are those of the operators, for any two personas", () => {
    fc.assert(
      fc.property(fc.tuple(p, p), fc.tuple(fc.tuple(p, p, p), fc.tuple(p, p, p)), p, (random, marked, weight) => {
        const options = { random, marked, weights: [weight, 1 - weight] };
        const process = personaZ1r(options);
        const { fbar, tokens } = operatorFactorization(process, process.structure);
        expect(quantityOf(family, options, "distance from factored")).toBeCloseTo(1 - fbar, 8);
        tokens.forEach(({ entropy }, token) => {
          expect(quantityOf(family, options, `operator-Schmidt entropy of ${token >> 1},${token & 1}`)).toBeCloseTo(
            entropy,
            8,
          );
        });
        expect(mutualInformation(process.initial, [2, 3])).toBeCloseTo(0, 12);
      }),
      { numRuns: 60 },
    );
  });

  test.each(variants)("rates, excess entropy of a block and commutant of %s", (variant) => {
    const process = personaZ1r({ variant });
    [0, 1].forEach((i) => {
      const curve = blockEntropyCurve(blockProcess(process, i), 7);
      const rate = ((curve[7] ?? 0) - (curve[4] ?? 0)) / 3;
      expect(quantityOf(family, { variant }, `entropy rate of persona ${i}`)).toBeCloseTo(rate, 10);
    });
    const rates = [0, 1].map((i) => quantityOf(family, { variant }, `entropy rate of persona ${i}`));
    expect(quantityOf(family, { variant }, "entropy rate")).toBeCloseTo(((rates[0] ?? 0) + (rates[1] ?? 0)) / 2, 14);
    // blocks that can be told apart add the entropy of the label to their own log2 3 (T17)
    expect(excessEntropy(blockProcess(personaZ1r({ variant: "semi" }), 0)).value).toBeCloseTo(Math.log2(3), 6);
    expect(quantityOf(family, { variant }, "excess entropy")).toBeCloseTo(1 + Math.log2(3), 14);
    expect(findBlocks(process).commutantDimension).toBe(quantityOf(family, { variant }, "commutant dimension"));
  });

  // theory notes 2.5
  test.each([
    ["factored", 1.051921, [0, 0, 0, 0]],
    ["semi", 1.051921, [0.101, 0.1819, 0.1819, 0.101]],
    ["semi-s", 0.991051, [0.1495, 0.0223, 0.5785, 0.0874]],
  ] as const)(
    "golden: %s has entropy rate %d in both blocks and operator-Schmidt entropies %j",
    (variant, h, entropies) => {
      for (const i of [0, 1]) expect(quantityOf(family, { variant }, `entropy rate of persona ${i}`)).toBeCloseTo(h, 6);
      ["0,0", "0,1", "1,0", "1,1"].forEach((token, x) => {
        const found = quantityOf(family, { variant }, `operator-Schmidt entropy of ${token}`);
        expect(Math.abs(found - (entropies[x] ?? -1))).toBeLessThan(6e-5);
      });
    },
  );

  // theory notes 2.5, L = 1 .. 9
  test("golden: information between the two token bits grows towards the entropy of the persona", () => {
    const goldens = [0.0072, 0.0361, 0.1409, 0.1988, 0.2612, 0.3263, 0.3809, 0.4353, 0.4895];
    const process = personaZ1r({ variant: "semi" });
    goldens.forEach((golden, i) => {
      const shared = mutualInformationOf(
        wordsOfLength(process, i + 1),
        ({ tokens }) => tokens.map((token) => token >> 1).join(""),
        ({ tokens }) => tokens.map((token) => token & 1).join(""),
      );
      expect(Math.abs(shared - golden)).toBeLessThan(6e-5);
      expect(shared).toBeLessThan(quantityOf(family, {}, "entropy of the persona"));
    });
  });

  // theory notes 2.5, L = 0 .. 6
  test.each([
    ["factored", [0, 0, 0, 0, 0, 0, 0]],
    ["semi", [0, 0.0489, 0.0566, 0, 0, 0, 0]],
    ["semi-s", [0, 0.0718, 0.0619, 0, 0, 0, 0]],
  ] as const)("golden: mean belief information of %s by length is %j", (variant, goldens) => {
    goldens.forEach((golden, length) => {
      const mean = wordsOfLength(personaZ1r({ variant }), length).reduce(
        (sum, { probability, belief }) => sum + probability * mutualInformation(belief, [2, 3]),
        0,
      );
      expect(Math.abs(mean - golden)).toBeLessThan(6e-5);
    });
  });

  // theory notes 2.3 (4) and T14
  test("golden: identical personas have commutant dimension 4 and Hankel rank 3, and say nothing", () => {
    const options = {
      variant: "factored",
      marked: [
        [0.25, 0.25, 0.25],
        [0.25, 0.25, 0.25],
      ] as const,
    } as const;
    const process = personaZ1r(options);
    expect(findBlocks(process).commutantDimension).toBe(4);
    expect(quantityOf(family, options, "commutant dimension")).toBe(4);
    expect(hankelRank(process)).toBe(3);
    expect(quantityOf(family, options, "entropy of the persona")).toBe(0);
  });
});

describe("more than two personas", () => {
  test("two are what they were; N have their ends, are evenly spaced and conserved", () => {
    for (const variant of variants) {
      const [two, ends] = [personaZ1r({ variant }), personaZ1r({ variant, personas: 5 })];
      expect(ends.partition.blocks.length).toBe(5);
      expect([ends.kind, ends.strong, ends.defect, ends.tokenSizes]).toEqual(["sector", true, 0, [2, 2]]);
      for (let token = 0; token < 4; token++) {
        const [small, large] = [two.operator(token), ends.operator(token)];
        for (let s = 0; s < 3; s++) {
          for (let to = 0; to < 3; to++) {
            expect(large[15 * s + to]).toBe(small[6 * s + to]);
            expect(large[15 * (12 + s) + 12 + to]).toBe(small[6 * (3 + s) + 3 + to]);
            const middle = ((small[6 * s + to] ?? 0) + (small[6 * (3 + s) + 3 + to] ?? 0)) / 2;
            // products of two evenly spaced numbers are the mean only where one of them is constant
            if (variant === "factored") expect(large[15 * (6 + s) + 6 + to]).toBeCloseTo(middle, 14);
          }
        }
      }
    }
    const semi = personaZ1r({ personas: 3 });
    expect(semi.operator(3)[9 * 5 + 3]).toBeCloseTo(0.5 * 0.5, 14); // middle persona, SR: mark 1/2, random bit 1/2
    expect(findBlocks(semi).commutantDimension).toBe(3);
  });

  test("lists of any of the three give the number; lists that disagree are refused", () => {
    expect(personaZ1r({ random: [0.2, 0.3, 0.8] }).stateDim).toBe(9);
    expect(personaZ1r({ weights: [0.5, 0.25, 0.125, 0.125] }).stateDim).toBe(12);
    expect(() => personaZ1r({ random: [0.2, 0.3, 0.8], weights: [0.5, 0.5] })).toThrow(
      "weights has 2 entries. Give 3 entries",
    );
    expect(() => personaZ1r({ personas: 1 })).toThrow("the number of personas is 1");
    expect(() => personaZ1r({ personas: 65 })).toThrow("Give an integer from 2 to 64");
  });
});
