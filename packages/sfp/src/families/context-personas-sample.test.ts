import { createKey, InvalidArgumentError, wordProbability } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { contextPersonas } from "./context-personas.ts";
import { filterContextPersonas } from "./context-personas-filter.ts";
import { sampleContextPersonas } from "./context-personas-sample.ts";

const chain = [
  [0.5, 0.5],
  [1, 0],
];

describe("sampleContextPersonas", () => {
  test.each([
    ["iid", contextPersonas({ contexts: 2, alpha: 0.5, epsilon: 0.2 })],
    ["in a chain", contextPersonas({ contexts: 2, alpha: 0.5, epsilon: 0.2, chain })],
  ])("words of three tokens have their probabilities, contexts %s", (_, process) => {
    const count = 40_000;
    const { tokens } = sampleContextPersonas(process, { key: createKey(3), count, length: 3 });
    const seen = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const word = tokens.subarray(3 * i, 3 * i + 3).join();
      seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    let chiSquared = 0;
    const words = wordsOfLength(process, 3);
    for (const { tokens: word, probability } of words) {
      const expected = count * probability;
      chiSquared += ((seen.get(word.join()) ?? 0) - expected) ** 2 / expected;
      seen.delete(word.join());
    }
    expect(seen.size).toBe(0); // no impossible word
    const freedom = words.length - 1;
    expect(Math.abs(chiSquared - freedom) / Math.sqrt(2 * freedom)).toBeLessThan(4);
  });

  test("sequence i depends on the key and its index alone; a longer one begins with the shorter one", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(5), fc.integer({ min: 1, max: 64 }), (seed, firstIndex, contexts) => {
        const process = contextPersonas({ contexts, alpha: 0.5 });
        const key = createKey(seed);
        const all = sampleContextPersonas(process, { key, count: 8, length: 6 });
        const tail = sampleContextPersonas(process, { key, count: 2, length: 4, firstIndex });
        for (let i = 0; i < 2; i++) {
          const at = 6 * (firstIndex + i);
          expect(tail.tokens.slice(4 * i, 4 * i + 4)).toEqual(all.tokens.slice(at, at + 4));
        }
        expect(tail.assignments).toEqual(all.assignments.slice(firstIndex * contexts, (firstIndex + 2) * contexts));
      }),
    );
  });

  test("assignments have the prior's law: shared, independent, and each bit fair", () => {
    const process = contextPersonas({ contexts: 24, alpha: 0.25 });
    const count = 4000;
    const { assignments } = sampleContextPersonas(process, { key: createKey(9), count, length: 0 });
    let shared = 0;
    let ones = 0;
    for (let i = 0; i < count; i++) {
      const sum = assignments.subarray(24 * i, 24 * i + 24).reduce((total, bit) => total + bit, 0);
      if (sum === 0 || sum === 24) shared++;
      ones += sum;
    }
    expect(Math.abs(shared / count - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / count));
    // variance of the number of ones of a sequence: 24 / 4 + 24 * 23 * (1 - alpha) / 4
    const deviation = Math.sqrt((24 / 4 + (24 * 23 * 0.75) / 4) / count);
    expect(Math.abs(ones / count - 12)).toBeLessThan(4 * deviation);
  });

  test("tokens carry the bits with the noise asked for, at alpha and epsilon 0 and 1/2 exactly", () => {
    const noiseless = contextPersonas({ contexts: 18, alpha: 1, epsilon: 0 });
    const { tokens, assignments } = sampleContextPersonas(noiseless, { key: createKey(2), count: 5, length: 50 });
    tokens.forEach((token, at) => {
      expect(token & 1).toBe(assignments[18 * Math.floor(at / 50) + (token >> 1)]);
    });
    expect(() => filterContextPersonas(noiseless, { tokens, count: 5, length: 50 })).not.toThrow();
    const one = contextPersonas({ contexts: 18, alpha: 0 });
    const shared = sampleContextPersonas(one, { key: createKey(2), count: 30, length: 1 }).assignments;
    for (let i = 0; i < 30; i++) expect(new Set(shared.subarray(18 * i, 18 * i + 18)).size).toBe(1);
  });

  test("the mean log-likelihood approaches the entropy of words", () => {
    const process = contextPersonas({ contexts: 2, alpha: 0.3, epsilon: 0.1 });
    const sample = sampleContextPersonas(process, { key: createKey(5), count: 4000, length: 4 });
    const { logLikelihoods } = filterContextPersonas(process, sample);
    const mean = logLikelihoods.reduce((sum, value) => sum + value, 0) / 4000;
    const words = wordsOfLength(process, 4);
    const moment = (power: number) =>
      words.reduce(
        (sum, { tokens, probability }) => sum + probability * Math.log(wordProbability(process, tokens)) ** power,
        0,
      );
    expect(Math.abs(mean - moment(1))).toBeLessThan(4 * Math.sqrt((moment(2) - moment(1) ** 2) / 4000));
  });

  test("refuses options out of range by name", () => {
    const process = contextPersonas({ contexts: 24 });
    const key = createKey(0);
    expect(() => sampleContextPersonas(process, { key, count: -1, length: 1 })).toThrow(
      "sampleContextPersonas: count is -1",
    );
    expect(() => sampleContextPersonas(process, { key, count: 1, length: 0.5 })).toThrow("length is 0.5");
    expect(() => sampleContextPersonas(process, { key, count: 1, length: 1, firstIndex: -1 })).toThrow(
      InvalidArgumentError,
    );
    expect(() => sampleContextPersonas(process, { key, count: 2 ** 20, length: 2 ** 20 })).toThrow("count * length");
  });
});
