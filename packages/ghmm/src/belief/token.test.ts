import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, ZeroProbabilityError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { impossible, readBelief, tokenAt } from "./token.ts";

const source = "someFilter";

describe("tokenAt", () => {
  test.prop([fc.integer({ min: -3, max: 5 }), fc.nat(3)])(
    "accepts exactly the indices of the alphabet",
    (token, position) => {
      const word = new Array<number>(4).fill(0).with(position, token);
      const call = () => tokenAt(source, coin({ p: 0.5 }), word, position);
      if (token === 0 || token === 1) expect(call()).toBe(token);
      else
        expect(call).toThrow(
          `someFilter: the token at position ${position} is ${token}. Give token indices from 0 to 1.`,
        );
    },
  );

  test.each([[[0.5]], [[Number.NaN]], [[]]])("refuses %j at position 0", (word) => {
    expect(() => tokenAt(source, coin({ p: 0.5 }), word, 0)).toThrow(InvalidArgumentError);
  });
});

describe("impossible", () => {
  test("carries the position and the token, and names the token as the alphabet does", () => {
    const process = createHmm({ operators: [[[1]], [[0]]], alphabet: ["heads", "tails"] });
    const error = impossible(source, process, 3, 1, " of sequence 2");
    expect(error).toBeInstanceOf(ZeroProbabilityError);
    expect([error.position, error.token]).toEqual([3, 1]);
    expect(error.message).toMatch(/^someFilter: token 1 \("tails"\) at position 3 of sequence 2 has probability zero/);
  });
});

describe("readBelief", () => {
  const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

  test.prop([gaugeTransformed({ maxStates: 3 }), positive], { numRuns: 50 })(
    "scales to b . w = 1 in every basis, and a multiple is the same belief",
    ({ ghmm }, factor) => {
      const read = readBelief(source, ghmm, ghmm.initial);
      const again = readBelief(
        source,
        ghmm,
        ghmm.initial.map((value) => factor * value),
      );
      expect(dot(read, ghmm.normalizer)).toBeCloseTo(1, 12);
      const largest = Math.max(...read.map(Math.abs));
      again.forEach((value, s) => {
        expect(Math.abs(value - (read[s] ?? Number.NaN))).toBeLessThan(1e-9 * largest);
      });
    },
  );

  test.prop([hmm({ stationary: false })])("leaves the caller's array alone", (process) => {
    const given = process.initial.map((value) => 3 * value);
    const copy = given.slice();
    readBelief(source, process, given).fill(0);
    expect(given).toEqual(copy);
  });

  test("in an HMM rounding may take an entry below zero by 1e-9 of the whole, and no more", () => {
    const process = goldenMean();
    expect(() => readBelief(source, process, [1000, -1e-7])).not.toThrow();
    expect(() => readBelief(source, process, [1, -1e-7])).toThrow(InvalidArgumentError);
    expect(() => readBelief(source, process, [1, -1e-7])).toThrow("someFilter: entry 1 of the belief is -1e-7");
  });

  test.each([
    [[0.5], ShapeError, "the belief has 1 entries for 2 states"],
    [[0, 0], InvalidArgumentError, "belief . normalizer is 0"],
    [[-1, 0.5], InvalidArgumentError, "belief . normalizer is -0.5"],
    [[Number.NaN, 1], InvalidArgumentError, "belief . normalizer is NaN"],
    [[Number.POSITIVE_INFINITY, 1], InvalidArgumentError, "belief . normalizer is Infinity"],
  ])("refuses %j", (belief, Class, message) => {
    expect(() => readBelief(source, goldenMean(), belief)).toThrow(Class);
    expect(() => readBelief(source, goldenMean(), belief)).toThrow(message);
  });
});
