import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutualInformation } from "../entanglement/index.ts";
import { staticLabels } from "../families/static-labels.ts";
import { productBeliefs } from "./product-beliefs.ts";

describe("productBeliefs (T19)", () => {
  test("holds near products too, where the five numbers vanish at different rates", () => {
    for (const epsilon of [1e-1, 1e-2, 1e-3, 1e-4]) {
      const belief = [0.25 + epsilon, 0.25 - epsilon, 0.25 - epsilon, 0.25 + epsilon];
      expect(productBeliefs.residual({ belief, dimensions: [2, 2] })).toBeLessThan(1e-12);
    }
  });

  test("a signed belief of rank two whose absolute values are a product misses Pinsker's bound by its whole distance", () => {
    const [, signed] = productBeliefs.counterexamples;
    // b_A (x) b_C = (1, 0, 0, 0), |b - b_A (x) b_C|_1 / 2 = 1
    expect(signed === undefined ? 0 : productBeliefs.residual(signed.instance)).toBeCloseTo(1, 12);
  });

  test("the arbitrary makes products and correlated beliefs, of both signs", () => {
    const drawn = fc.sample(productBeliefs.arbitrary, { numRuns: 300, seed: 5 });
    const positive = drawn.filter(({ belief }) => Array.from(belief).every((value) => value >= 0));
    const informations = positive.map(({ belief, dimensions }) => mutualInformation(belief, dimensions));
    expect(informations.filter((value) => value > 0.01).length).toBeGreaterThan(30);
    expect(informations.filter((value) => value < 1e-12).length).toBeGreaterThan(30);
    expect(drawn.length - positive.length).toBeGreaterThan(50);
  });

  test("applies to two factors whose normalizers are ones", () => {
    const factors = [
      { name: "alignment", dimension: 2 },
      { name: "capability", dimension: 2 },
    ];
    const instance = productBeliefs.instanceOf({ process: staticLabels({ alpha: 0.5 }), factors });
    expect(instance === undefined ? 1 : productBeliefs.residual(instance)).toBeLessThan(1e-12);
    expect(productBeliefs.instanceOf({ process: staticLabels() })).toBeUndefined();
  });
});
