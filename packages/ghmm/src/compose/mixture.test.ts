import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, nonErgodicHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import {
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  NotNormalizedError,
  ShapeError,
} from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { stationaryState } from "../process/stationary.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { certified, coneProcess, expectLaw } from "./_testing/brute-force.ts";
import { mixture } from "./mixture.ts";

const half = [0.5, 0.5];
const mapsOf = (components: readonly Process[]) => components.map(({ alphabet }) => [...alphabet.keys()]);

describe("mixture", () => {
  test.prop([nonErgodicHmm()], { numRuns: 30 })(
    "words and posterior weights follow Bayes",
    ({ components, weights }) => {
      const tokenMaps = mapsOf(components);
      const joint = mixture({ components, weights, tokenMaps });
      const own = (k: number, word: readonly number[]) =>
        word.every((token) => token < (components[k]?.alphabet.length ?? 0))
          ? wordProbability(components[k] ?? joint, word)
          : 0;
      const law = (word: readonly number[]) => weights.reduce((sum, weight, k) => sum + weight * own(k, word), 0);
      expectLaw(joint, 3, law);
      const belief = beliefState(joint, [0, 0]);
      let offset = 0;
      components.forEach((component, k) => {
        const posterior = belief.subarray(offset, offset + component.stateDim).reduce((sum, value) => sum + value, 0);
        expect(posterior).toBeCloseTo(((weights[k] ?? 0) * own(k, [0, 0])) / law([0, 0]), 11);
        offset += component.stateDim;
      });
    },
  );

  test.prop([nonErgodicHmm()], { numRuns: 20 })(
    "is what a block-diagonal HMM is, and has no default start",
    (instance) => {
      const { components, weights, process } = instance;
      const joint = mixture({ components, weights, tokenMaps: mapsOf(components) });
      expect(joint.certificate.kind).toBe("hmm");
      expect(joint.initial).toEqual(process.initial);
      joint.alphabet.forEach((_, token) => {
        expect(joint.operator(token)).toEqual(process.operator(token));
      });
      expect(() => stationaryState(joint)).toThrow(NonUniqueStationaryStateError);
    },
  );

  // Golden 43 (simplexity).
  test("two coins", () => {
    const joint = mixture({ components: [coin({ p: 0.7 }), coin({ p: 0.3 })], weights: [0.6, 0.4] });
    expect(wordProbability(joint, [0])).toBeCloseTo(0.54, 14);
    expect(wordProbability(joint, [1])).toBeCloseTo(0.46, 14);
    expect(Array.from(beliefState(joint, [0]))).toEqual([expect.closeTo(7 / 9, 14), expect.closeTo(2 / 9, 14)]);
    expect(wordProbability(joint, [0, 0, 1])).toBeCloseTo(0.1134, 14);
  });

  // Golden 44 (simplexity).
  test("components with tokens of their own", () => {
    const joint = mixture({
      components: [coin({ p: 0.7 }), coin({ p: 0.3 })],
      weights: half,
      tokenMaps: [
        [0, 1],
        [0, 2],
      ],
    });
    expect(joint.alphabet).toEqual(["0", "1", "2"]);
    [0.5, 0.15, 0.35].forEach((p, token) => {
      expect(wordProbability(joint, [token])).toBeCloseTo(p, 14);
    });
  });

  // Golden 45 (simplexity).
  test("a token that no component emits leaves the belief alone", () => {
    const components = [coin({ p: 1 }), coin({ p: 1 })];
    const joint = mixture({ components, weights: half });
    const belief = Float64Array.of(0.2, 0.8);
    expect(joint.step(belief, 1, belief)).toBe(0);
    expect(Array.from(belief)).toEqual([0.2, 0.8]);
    const named = mixture({
      components,
      weights: half,
      tokenMaps: [
        [0, 1],
        [0, 1],
      ],
      alphabet: ["a", "b", "never"],
    });
    expect(wordProbability(named, [2])).toBe(0);
  });

  test("full blocks are stored as blocks", () => {
    const components = [mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.1, a: 0.8 })];
    const { storage } = mixture({ components, weights: half });
    expect(storage?.kind === "blocks" && storage.blocks.map((block) => Array.from(block))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test("certificates", () => {
    const kraus = certified(coin({ p: 0.5 }), { kind: "kraus", dimension: 3 });
    const of = (...components: Process[]) => mixture({ components, weights: half }).certificate;
    expect(of(kraus, coin({ p: 0.5 }))).toEqual({ kind: "kraus", dimension: 4 });
    const joint = of(coneProcess(), mess3({ x: 0.15, a: 0.6 }));
    expect(joint).toMatchObject({ kind: "cone", rays: { length: 6 } });
    expect(joint.kind === "cone" && joint.rays.map((ray) => ray.indexOf(1))).toEqual([0, 1, 2, 3, 4, 5]);
    const cone = certified(coin({ p: 0.5 }), { kind: "cone", rays: [Float64Array.of(1)] });
    expect(of(kraus, cone).kind).toBe("unchecked");
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 10 })(
    "the HMMs of changes of basis mix",
    ({ ghmm, hmm }) => {
      const joint = mixture({ components: [ghmm, hmm], weights: half });
      if (joint.certificate.kind !== "similar-to-hmm") throw new Error(joint.certificate.kind);
      const { hmm: inside } = joint.certificate;
      expect(inside.certificate.kind).toBe("hmm");
      expectLaw(joint, 2, (word) => wordProbability(inside, word), 1e-8);
    },
  );

  test("bad input", () => {
    const pair = [coin({ p: 0.5 }), coin({ p: 0.2 })];
    expect(() => mixture({ components: [], weights: [] })).toThrow(ShapeError);
    expect(() => mixture({ components: pair, weights: [1] })).toThrow(ShapeError);
    expect(() => mixture({ components: pair, weights: [0.5, 0.6] })).toThrow(NotNormalizedError);
    expect(() => mixture({ components: pair, weights: [Number.NaN, 1] })).toThrow(InvalidArgumentError);
    expect(() => mixture({ components: [coin({ p: 0.5 }), mess3({ x: 0.1, a: 0.6 })], weights: half })).toThrow(
      "tokenMaps",
    );
    const mapped = (tokenMaps: number[][], alphabet?: string[]) => () =>
      mixture({ components: pair, weights: half, tokenMaps, ...(alphabet ? { alphabet } : {}) });
    expect(mapped([[0, 1]])).toThrow(ShapeError);
    expect(mapped([[0, 1], [0]])).toThrow("tokenMaps[1] has 1 entries");
    expect(
      mapped([
        [0, 0],
        [0, 1],
      ]),
    ).toThrow("tokenMaps[0][1] is 0");
    expect(
      mapped(
        [
          [0, 1],
          [0, 2],
        ],
        ["a", "b"],
      ),
    ).toThrow("tokenMaps[1][1] is 2");
    expect(
      mapped([
        [0, 1],
        [0, Number.NaN],
      ]),
    ).toThrow(InvalidArgumentError);
    expect(
      mapped([
        [0, 1],
        [0, 1e9],
      ]),
    ).toThrow("the result has 1000000001 tokens");
    expect(
      mapped(
        [
          [0, 1],
          [0, 1],
        ],
        ["a", "a"],
      ),
    ).toThrow(InvalidArgumentError);
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    const one = coin({ p: 0.5 });
    for (const components of [null, "12", [one, null], new Array(2)]) {
      expect(() => mixture({ components: components as never, weights: [0.5, 0.5] })).toThrow("mixture: components");
    }
    for (const tokenMaps of [null, "12", [null, [0, 1]], new Array(2)]) {
      const call = () => mixture({ components: [one, one], weights: [0.5, 0.5], tokenMaps: tokenMaps as never });
      expect(call).toThrow("mixture: tokenMaps");
    }
    const tokenMaps = [new Array<number>(2), [0, 1]];
    expect(() => mixture({ components: [one, one], weights: [0.5, 0.5], tokenMaps })).toThrow(InvalidArgumentError);
  });
});
