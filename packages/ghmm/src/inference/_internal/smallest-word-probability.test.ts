import { test } from "@fast-check/vitest";
import { expect } from "vitest";
import { hmm } from "../../arbitraries/index.ts";
import { wordProbability } from "../../belief/probability.ts";
import { measureShortWords } from "./smallest-word-probability.ts";

test.prop([hmm({ maxStates: 2 }).filter(({ alphabet }) => alphabet.length > 1)], { numRuns: 10 })(
  "is the smallest probability of a word of the length that is named",
  (process) => {
    const size = process.alphabet.length;
    const operators = process.alphabet.map((_, x) => process.operator(x));
    const measured = measureShortWords(operators, process.initial, process.normalizer);
    // 2 + 4 + ... + 2^11 = 4094 words, 3 + 9 + ... + 3^7 = 3279 words
    expect(measured.wordLength).toBe(size === 2 ? 11 : 7);
    let smallest = 1;
    for (let code = 0; code < size ** measured.wordLength; code++) {
      const word = Array.from({ length: measured.wordLength }, (_, t) => Math.floor(code / size ** t) % size);
      smallest = Math.min(smallest, wordProbability(process, word));
    }
    expect(Math.abs(measured.smallestProbability / smallest - 1)).toBeLessThan(1e-9);
  },
);

test("negative probabilities are returned, and large alphabets have at least their single tokens", () => {
  const one = Float64Array.of(1);
  expect(measureShortWords([Float64Array.of(2), Float64Array.of(-1)], one, one).smallestProbability).toBe(-1024);
  const many = Array.from({ length: 5000 }, () => Float64Array.of(1 / 5000));
  expect(measureShortWords(many, one, one)).toMatchObject({ wordLength: 1, smallestProbability: 1 / 5000 });
});
