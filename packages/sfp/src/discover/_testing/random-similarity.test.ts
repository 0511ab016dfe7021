import { mess3, singularValueDecomposition, wordProbability } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { randomSimilarity, scrambled } from "./random-similarity.ts";

test.each([2, 6, 20])("a random similarity of %i states has the condition number that was asked for", (d) => {
  const rows = randomSimilarity(d, 30, 4);
  const { values } = singularValueDecomposition(
    rows.flatMap((row) => [...row]),
    [d, d],
  );
  expect((values[0] ?? 0) / (values[d - 1] ?? 0)).toBeCloseTo(30, 9);
  expect(rows).toEqual(randomSimilarity(d, 30, 4));
  expect(rows).not.toEqual(randomSimilarity(d, 30, 5));
});

test("one state is scaled", () => {
  expect(Math.abs(randomSimilarity(1, 30, 0)[0]?.[0] ?? 0)).toBeCloseTo(1, 14);
});

test("scrambling keeps the words and mixes the states", () => {
  const process = mess3({ x: 0.15, a: 0.6 });
  const other = scrambled(process, 30, 1);
  expect(wordProbability(other, [0, 1, 2])).toBeCloseTo(wordProbability(process, [0, 1, 2]), 12);
  expect(other.operator(0).every((entry) => Math.abs(entry) > 1e-6)).toBe(true);
});
