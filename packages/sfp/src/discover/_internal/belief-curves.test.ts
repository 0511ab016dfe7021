import { coin, goldenMean, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { beliefCurves, wordBeliefs } from "./belief-curves.ts";

describe("wordBeliefs", () => {
  test("has every possible word once, with its length; probabilities of a length sum to one", () => {
    const { beliefs, positions } = wordBeliefs("f", goldenMean({ p: 0.5 }), 3);
    // words without two ones in a row: 1, 2, 3, 5
    expect([0, 1, 2, 3].map((t) => beliefs.filter(({ position }) => position === t).length)).toEqual([1, 2, 3, 5]);
    expect(positions).toBe(4);
    for (let t = 0; t < 4; t++) {
      const total = beliefs.reduce((sum, { position, weight }) => (position === t ? sum + weight : sum), 0);
      expect(total).toBeCloseTo(1, 14);
    }
  });

  test("refuses more words than can be measured", () => {
    expect(() => wordBeliefs("f", coin({ p: 0.5 }), 20)).toThrow(UnsupportedError);
    expect(() => wordBeliefs("f", coin({ p: 0.5 }), 20)).toThrow(
      "f: there are more than 131072 words of up to 20 tokens",
    );
  });
});

test("beliefCurves: means weighted by probability, largest values, and the mean over positions", () => {
  const beliefs = [
    { belief: Float64Array.of(1), position: 0, weight: 1 },
    { belief: Float64Array.of(2), position: 1, weight: 0.25 },
    { belief: Float64Array.of(6), position: 1, weight: 0.75 },
  ];
  const { plain, twice } = beliefCurves({ positions: 2, beliefs }, ["plain", "twice"], ([value = 0]) => {
    return { plain: value, twice: 2 * value };
  });
  expect([...plain.byPosition.mean]).toEqual([1, 5]);
  expect([...plain.byPosition.max]).toEqual([1, 6]);
  expect([plain.mean, plain.max, twice.mean, twice.max]).toEqual([3, 6, 6, 12]);
});
