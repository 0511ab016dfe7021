import { chainProduct, coin, createHmm, goldenMean, mess3, tensorProduct, wordProbability } from "@semifactor/ghmm";
import { dot } from "@semifactor/ghmm/internal";
import { describe, expect, test } from "vitest";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { personaZ1r } from "../../families/persona-z1r.ts";
import { genericHmm } from "./generic-hmm.ts";
import { partOperators, tokenForm, wordColumns } from "./token-parts.ts";

const pair = tensorProduct(goldenMean({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 }));

test("columns give the probability of a part's words from the start", () => {
  for (const [part, own] of [
    [0, goldenMean({ p: 0.5 })],
    [1, mess3({ x: 0.15, a: 0.6 })],
  ] as const) {
    for (const { word, column } of wordColumns(partOperators(pair, [2, 3], part), pair.normalizer, 3)) {
      expect(dot(pair.initial, column)).toBeCloseTo(wordProbability(own, word), 14);
    }
  }
});

describe("tokenForm", () => {
  test("independent and chained factors", () => {
    expect(tokenForm(pair, alignmentAndCapability(2, 3), [2, 3])).toBe("independent");
    const variants = [mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.1, a: 0.6 })];
    const chain = chainProduct({ first: goldenMean({ p: 0.5 }), variants });
    expect(tokenForm(chain, alignmentAndCapability(2, 3), [2, 3])).toBe("chain");
    expect(tokenForm(personaZ1r({ variant: "factored" }), alignmentAndCapability(2, 3), [2, 2])).toBe("independent");
  });

  test("processes that are neither", () => {
    expect(
      tokenForm(genericHmm({ seed: 2, dimensions: [2, 2], tokens: 4 }), alignmentAndCapability(2, 2), [2, 2]),
    ).toBe("other");
    expect(tokenForm(personaZ1r({ variant: "semi" }), alignmentAndCapability(2, 3), [2, 2])).toBe("other");
  });

  test("operators of rank one whose first token depends on the second factor are no chain", () => {
    // one state of A; C emits u by its own state
    const process = createHmm({ operators: [[[0.9, 0], [0, 0.2]], [[0.1, 0], [0, 0.8]]], initial: [0.5, 0.5] }); // biome-ignore format: two matrices
    expect(tokenForm(process, alignmentAndCapability(1, 2), [2, 1])).toBe("other");
    expect(tokenForm(coin({ p: 0.5 }), alignmentAndCapability(1, 1), [2, 1])).toBe("independent");
  });
});
