import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entropyBits } from "../../_testing/words.ts";
import { operatorFactorization } from "../../discover/operator-factorization.ts";
import { contextPersonas } from "../context-personas.ts";
import { filterContextPersonas } from "../context-personas-filter.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { contextPersonasDescription as family } from "./context-personas.ts";

const alphas = [0, 0.1, 0.25, 0.5, 1];

describe("closed forms of contextPersonas", () => {
  // theory notes 2.6: operator-Schmidt rank one across assignment and context at every alpha
  test("golden: every operator is a product across assignment and context, whatever alpha", () => {
    const chain = [
      [0.5, 0.25, 0.25],
      [0.1, 0.9, 0],
      [0.3, 0.3, 0.4],
    ];
    for (const alpha of alphas) {
      const process = contextPersonas({ contexts: 3, alpha, chain });
      const { fbar, maxRank } = operatorFactorization(process, process.structure);
      expect(maxRank).toBe(1);
      expect(1 - fbar).toBeCloseTo(quantityOf(family, { contexts: 3, alpha, chain }, "distance from factored"), 9);
    }
  });

  test("tokens that say nothing shift no context, not even their own", () => {
    const process = contextPersonas({ contexts: 4, alpha: 0.25, epsilon: 0.5 });
    const { misaligned } = filterContextPersonas(process, { tokens: [1, 1, 1], count: 1, length: 3 });
    expect(Array.from(misaligned.subarray(8))).toEqual([0.5, 0.5, 0.5, 0.5]);
    const share = quantityOf(family, { contexts: 4, alpha: 0.25, epsilon: 0.5 }, "share of contexts with G > 1/2");
    expect(share).toBe(0);
  });

  // theory notes 2.6: with "shift" as G_k > 1/2, the share of contexts is 1 below alpha 1/2 and 1/K at alpha 1
  test.each([4, 6, 24])("golden: the share of %d contexts that shift after narrow evidence", (contexts) => {
    for (const alpha of alphas) {
      const process = contextPersonas({ contexts, alpha });
      const length = 60;
      const tokens = new Array<number>(length).fill(1);
      const { misaligned } = filterContextPersonas(process, { tokens, count: 1, length });
      const last = misaligned.subarray((length - 1) * contexts);
      // at alpha = 1/2 the coefficient is 1/2 up to rounding: not above it
      const share = last.filter((p) => 2 * p - 1 > 1 / 2 + 1e-9).length / contexts;
      expect(quantityOf(family, { contexts, alpha }, "share of contexts with G > 1/2")).toBe(share);
    }
    expect(quantityOf(family, { contexts, alpha: 1 }, "share of contexts with G > 1/2")).toBe(1 / contexts);
  });

  // theory notes 2.6, K = 4
  test.each([
    [0, 3, 1],
    [0.25, 1.628, 0.75],
    [0.5, 0.783, 0.5],
    [1, 0, 0],
  ])("golden: alpha %d has total correlation %d and generalizes by %d", (alpha, total, generalization) => {
    const value = (name: string) => quantityOf(family, { contexts: 4, alpha }, name);
    expect(Math.abs(value("total correlation of the bits") - total)).toBeLessThan(6e-4);
    expect(value("total correlation of the bits")).toBeCloseTo(
      4 - entropyBits(contextPersonas({ contexts: 4, alpha }).initial),
      12,
    );
    expect(value("generalization coefficient")).toBe(generalization);
    expect(value("entropy of the first token")).toBe(3);
    expect(value("entropy rate")).toBeCloseTo(2 + entropyBits([0.1, 0.9]), 14);
  });

  test("what is matched is the same number at every alpha, for any number of contexts", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5, 17, 64),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (contexts, alpha, epsilon) => {
          const [here, there] = [alpha, 0].map((at) => family.quantities({ contexts, alpha: at, epsilon }));
          here?.forEach(({ matched, value }, i) => {
            if (matched) expect(value).toBe(there?.[i]?.value);
          });
        },
      ),
    );
  });
});
