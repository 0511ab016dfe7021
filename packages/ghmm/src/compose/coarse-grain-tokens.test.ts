import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { wordsUpTo } from "../equivalence/_testing/words.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import { expectLaw } from "./_testing/brute-force.ts";
import { coarseGrainTokens } from "./coarse-grain-tokens.ts";

const process3 = hmm({ maxTokens: 3, stationary: false }).filter(({ alphabet }) => alphabet.length === 3);

describe("coarseGrainTokens", () => {
  test.prop([process3, fc.constantFrom([0, 0, 1], [1, 0, 1], [0, 0, 0], [2, 1, 0])], { numRuns: 30 })(
    "a word has the probability of all words that are mapped to it",
    (process, map) => {
      const merged = coarseGrainTokens(process, map);
      expect(merged.certificate.kind).toBe("hmm");
      expectLaw(merged, 3, (word) =>
        wordsUpTo(3, word.length)
          .filter((fine) => fine.length === word.length && fine.every((token, t) => map[token] === word[t]))
          .reduce((sum, fine) => sum + wordProbability(process, fine), 0),
      );
    },
  );

  test("names", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(coarseGrainTokens(process, [1, 0, 1]).alphabet).toEqual(["1", "0|2"]);
    expect(coarseGrainTokens(process, [1, 0, 1], { alphabet: ["one", "other"] }).alphabet).toEqual(["one", "other"]);
  });

  test("bad input", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(() => coarseGrainTokens(process, [0, 1])).toThrow(ShapeError);
    expect(() => coarseGrainTokens(process, [0, 1, 3])).toThrow("map[2] is 3");
    expect(() => coarseGrainTokens(process, [0, Number.NaN, 1])).toThrow(InvalidArgumentError);
    expect(() => coarseGrainTokens(process, [0, 0, 2])).toThrow("no token is mapped to 1");
    expect(() => coarseGrainTokens(process, [0, 0, 1], { alphabet: ["a"] })).toThrow(ShapeError);
    expect(() => coarseGrainTokens(process, [0, 0, 1], { alphabet: ["a", "a"] })).toThrow(InvalidArgumentError);
  });
});
