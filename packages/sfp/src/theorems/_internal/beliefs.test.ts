import { beliefState, goldenMean, wordProbability } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { reachedBeliefs } from "./beliefs.ts";

test("possible words only, each with its own probability and belief", () => {
  const process = goldenMean({ p: 0.5 });
  const reached = reachedBeliefs(process, 3);
  // the golden mean process never emits 11: 1 + 2 + 3 + 5 words
  expect(reached.map(({ word }) => word.length)).toEqual([0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
  for (const { word, probability, belief } of reached) {
    expect(probability).toBeCloseTo(wordProbability(process, word), 14);
    beliefState(process, word).forEach((value, s) => {
      expect(belief[s]).toBeCloseTo(value, 14);
    });
  }
});
