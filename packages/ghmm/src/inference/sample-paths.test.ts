import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { sampleSequences } from "../belief/sample.ts";
import { InvalidArgumentError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey, type Key } from "../random/key.ts";
import { hmmAndWord, randomHmm, separated } from "./_testing/instances.ts";
import { jointTable, mass } from "./_testing/joint-table.ts";
import { forwardBackward } from "./forward-backward.ts";
import { samplePaths } from "./sample-paths.ts";

const key = createKey(4);

describe("samplePaths", () => {
  test.each([0, 1, 2])("frequencies of paths pass a chi-square test against the table of all paths (%i)", (seed) => {
    const process = randomHmm(2, 3, seed);
    const word = [0, 2, 1];
    const table = jointTable(process, word);
    const total = mass(table);
    const count = 20_000;
    const { states } = samplePaths(process, word, { count, key });
    const found = new Float64Array(table.length);
    for (let i = 0; i < count; i++) {
      const index = states.subarray(i * 4, i * 4 + 4).reduce((code, s) => code * 2 + s, 0);
      found[index] = (found[index] ?? 0) + 1;
    }
    const chiSquare = table.reduce((sum, { probability }, i) => {
      const expected = (probability / total) * count;
      return sum + ((found[i] ?? 0) - expected) ** 2 / expected;
    }, 0);
    // 15 degrees of freedom: the 0.9999 quantile is 44.3
    expect(chiSquare).toBeLessThan(44.3);
    expect(chiSquare).toBeGreaterThan(1);
  });

  test.prop([hmmAndWord], { numRuns: 40 })(
    "paths have positive probability and their first ones do not depend on count",
    (instance) => {
      const { process, tokens } = instance;
      const few = samplePaths(process, tokens, { count: 3, key });
      expect(few).toMatchObject({ count: 3, length: tokens.length });
      for (let i = 0; i < 3; i++) {
        const path = few.states.subarray(i * (tokens.length + 1), (i + 1) * (tokens.length + 1));
        const found = jointTable(process, tokens).find(({ states }) => states.every((state, t) => state === path[t]));
        expect(found?.probability).toBeGreaterThan(0);
      }
      const more = samplePaths(process, tokens, { count: 5, key });
      expect(more.states.slice(0, few.states.length)).toEqual(few.states);
    },
  );

  test("long words: states differ from those sampled as often as the posterior says", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const length = 20_000;
    const { tokens, states } = sampleSequences(process, { count: 1, length, key: createKey(8), withStates: true });
    const sampled = samplePaths(process, tokens, { count: 1, key }).states;
    const again = samplePaths(process, tokens, { count: 2, key }).states.subarray(length + 1);
    const agreement = (a: Int32Array, b: Int32Array) => a.filter((state, t) => state === b[t]).length / (length + 1);
    // the true path is itself a draw from the posterior
    expect(Math.abs(agreement(sampled, again) - agreement(sampled, states))).toBeLessThan(0.03);
  });

  test("frequencies of states are the posteriors of forwardBackward, within their standard errors", () => {
    const process = randomHmm(4, 3, 5);
    const { tokens } = sampleSequences(process, { count: 1, length: 12, key: createKey(1) });
    const count = 4000;
    const { states } = samplePaths(process, tokens, { count, key });
    const { posteriors } = forwardBackward(process, tokens);
    posteriors.forEach((posterior, i) => {
      const [t, s] = [Math.floor(i / 4), i % 4];
      const found = states.filter((state, at) => at % 13 === t && state === s).length / count;
      // the largest of 52 normal errors exceeds 4.5 standard errors once in 3000 keys
      expect(Math.abs(found - posterior)).toBeLessThan(4.5 * Math.sqrt((posterior * (1 - posterior)) / count) + 1e-12);
    });
  });

  test("no paths, and the empty word", () => {
    expect(samplePaths(separated, [0], { count: 0, key }).states.length).toBe(0);
    expect(samplePaths(separated, [], { count: 2, key }).states.length).toBe(2);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 3 })("signed processes are refused", ({ ghmm }) => {
    expect(() => samplePaths(ghmm, [0], { count: 1, key })).toThrow(UnsupportedError);
  });

  test.each<readonly [readonly number[], number, Key, new (...args: never[]) => Error, string]>([
    [[3], 1, key, InvalidArgumentError, "the token at position 0 is 3"],
    [[0], -1, key, InvalidArgumentError, "count is -1"],
    [[0], Number.NaN, key, InvalidArgumentError, "count is NaN"],
    [[0], 2 ** 31, key, InvalidArgumentError, "count is 2147483648"],
    [[0], 1, [0, -1], InvalidArgumentError, "key[1] is -1"],
    [[0, 1, 2], 1, key, ZeroProbabilityError, 'token 2 ("2") at position 2'],
  ])("refuses word %j, count %d", (word, count, badKey, Class, message) => {
    const call = () => samplePaths(separated, word, { count, key: badKey });
    expect(call).toThrow(Class);
    expect(call).toThrow(`samplePaths: ${message}`);
  });
});
