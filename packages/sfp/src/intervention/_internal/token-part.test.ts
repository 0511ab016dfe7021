import { nextTokenDistribution, wordProbability } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { wordsOfLength } from "../../_testing/words.ts";
import { personaZ1r } from "../../families/persona-z1r.ts";
import { tokenPart, totalVariation } from "./token-part.ts";

const process = personaZ1r();

test("a part's law is the sum over the other parts", () => {
  const [a = 0, b = 0, c = 0, d = 0] = nextTokenDistribution(process, process.initial);
  const first = tokenPart(process, [2, 2], (n) => n === 0).law(process.initial);
  const second = tokenPart(process, [2, 2], (n) => n === 1).law(process.initial);
  expect(first[0]).toBeCloseTo(a + b, 15);
  expect(second[1]).toBeCloseTo(b + d, 15);
  expect((first[1] ?? 0) - c - d).toBeCloseTo(0, 15);
});

test("its process gives the words of that part alone", () => {
  const seen = tokenPart(process, [2, 2], (n) => n === 0).process;
  const total = wordsOfLength(process, 3)
    .filter(({ tokens }) => tokens.map((token) => token >> 1).join("") === "101")
    .reduce((sum, { probability }) => sum + probability, 0);
  expect(wordProbability(seen, [1, 0, 1])).toBeCloseTo(total, 14);
});

test("no part at all is one token", () => {
  const law = tokenPart(process, [4], () => false).law(process.initial);
  expect(law.length).toBe(1);
  expect(law[0]).toBeCloseTo(1, 14);
});

test("total variation", () => {
  expect(totalVariation([0.5, 0.5], [1, 0])).toBe(0.5);
  expect(totalVariation([1, 0], [0, 1])).toBe(1);
});
