import { nextTokenDistribution, shannonEntropy } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockEntropyCurve, wordsOfLength } from "../../_testing/words.ts";
import { findBlocks } from "../../discover/find-blocks.ts";
import { operatorFactorization } from "../../discover/operator-factorization.ts";
import { mutualInformation, schmidt } from "../../entanglement/index.ts";
import { blockProcess } from "../../structure/blocks.ts";
import { personaMess3 } from "../persona-mess3.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { personaMess3Description as family } from "./persona-mess3.ts";

const unit = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const mark = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000);

// theory notes 2.6b, by theta: 1 - Fbar, mean belief information and square-root entropy at length 5, h(6) of a block
const goldens = [
  { theta: 0, distance: 0, information: 0, entropy: 0, rate: 2.38222, share: 1 },
  { theta: 0.25, distance: 0.02152, information: 0.00108, entropy: 0.00452, rate: 2.46476, share: 2 / 3 },
  { theta: 0.5, distance: 0.07259, information: 0.0054, entropy: 0.01848, rate: 2.51702, share: 1 / 3 },
  { theta: 0.75, distance: 0.13621, information: 0.01384, entropy: 0.0408, rate: 2.54101, share: 1 / 3 },
  { theta: 1, distance: 0.19534, information: 0.02467, entropy: 0.06595, rate: 2.5365, share: 1 / 3 },
];

describe.each(goldens)("closed forms and goldens of personaMess3, theta $theta", ({ theta, ...golden }) => {
  const process = personaMess3({ theta });
  const close = (found: number, value: number) => expect(Math.abs(found - value)).toBeLessThan(6e-6);

  test("distance from factored, beliefs at length 5, conditional entropy of both blocks at length 6", () => {
    close(quantityOf(family, { theta }, "distance from factored"), golden.distance);
    const words = wordsOfLength(process, 5);
    const mean = (measure: (belief: Float64Array) => number) =>
      words.reduce((sum, { probability, belief }) => sum + probability * measure(belief), 0);
    close(
      mean((belief) => mutualInformation(belief, [2, 3])),
      golden.information,
    );
    close(
      mean((belief) => schmidt(belief, [2, 3]).entropy),
      golden.entropy,
    );
    const curve = blockEntropyCurve(blockProcess(process, 1), 6);
    close((curve[6] ?? 0) - (curve[5] ?? 0), golden.rate);
  });

  test("the shift of the mark: mean 1 - theta, above one half in ever fewer states", () => {
    expect(quantityOf(family, { theta }, "mean of G")).toBe(1 - theta);
    expect(quantityOf(family, { theta }, "share of capability states with G > 1/2")).toBeCloseTo(golden.share, 14);
    expect(findBlocks(process).commutantDimension).toBe(quantityOf(family, { theta }, "commutant dimension"));
  });
});

describe("closed forms of personaMess3", () => {
  test("are what the process has, for any two marks and weights", () => {
    fc.assert(
      fc.property(unit, unit, fc.tuple(mark, mark), unit, (theta, delta, marks, weight) => {
        const options = { theta, delta, marks, weights: [weight, 1 - weight], x: 0.1, a: 0.7 };
        const process = personaMess3(options);
        const law = nextTokenDistribution(process, process.initial);
        expect(quantityOf(family, options, "entropy of the first token")).toBeCloseTo(shannonEntropy(law), 10);
        const one = (law[3] ?? 0) + (law[4] ?? 0) + (law[5] ?? 0);
        expect(quantityOf(family, options, "probability of u = 1")).toBeCloseTo(one, 12);
        const { fbar } = operatorFactorization(process, process.structure);
        expect(quantityOf(family, options, "distance from factored")).toBeCloseTo(1 - fbar, 8);
      }),
      { numRuns: 60 },
    );
  });

  test("N personas: marks evenly spaced, u fair, N blocks that can be told apart", () => {
    const process = personaMess3({ personas: 5, theta: 0.4 });
    expect([process.stateDim, process.kind, process.strong, process.tokenSizes]).toEqual([15, "sector", true, [2, 3]]);
    const markOf = (i: number) =>
      nextTokenDistribution(
        process,
        Float64Array.from({ length: 15 }, (_, s) => (s === 3 * i ? 1 : 0)),
      )
        .slice(3)
        .reduce((sum, value) => sum + value, 0);
    // at state 0, G = 1
    [0, 1, 2, 3, 4].forEach((i) => {
      expect(markOf(i)).toBeCloseTo(1 / 2 + 0.25 * (i / 2 - 1), 14);
    });
    expect(quantityOf(family, { personas: 5, theta: 0.4 }, "probability of u = 1")).toBeCloseTo(1 / 2, 14);
    expect(quantityOf(family, { personas: 5 }, "commutant dimension")).toBe(5);
    expect(findBlocks(process).commutantDimension).toBe(5);
    expect(() => personaMess3({ marks: [-1, 0, 2] })).toThrow("marks[2] is 2");
    expect(() => personaMess3({ marks: [-1, 1], weights: [1] })).toThrow("weights has 1 entries");
  });
});

test("the commutant has a closed form where personas do not fall apart: found in the operators", () => {
  const of = (options: Parameters<typeof personaMess3>[0]) =>
    family.quantities(options).find(({ name }) => name === "commutant dimension")?.value;
  for (const options of [{ x: 0.5 }, { x: 1 / 3 }, { a: 0 }, { a: 1 }, { delta: 0 }, { theta: 1, personas: 3 }]) {
    expect(of(options)).toBe(findBlocks(personaMess3(options)).commutantDimension);
  }
  // three states each that are never left; a capability that shows nothing of its state
  expect(findBlocks(personaMess3({ x: 0 })).commutantDimension).toBe(6);
  expect(of({ x: 0 })).toBeUndefined();
  expect(findBlocks(personaMess3({ a: 1 / 3 })).commutantDimension).toBe(10);
  expect(of({ a: 1 / 3 })).toBeUndefined();
});
