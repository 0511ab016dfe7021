import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { logWordProbability, wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { backwardVectors } from "./backward-vectors.ts";
import { forwardBackward } from "./forward-backward.ts";
import { type EmissionModel, hmmFromEmissions } from "./hmm-from-emissions.ts";
import { viterbi } from "./viterbi.ts";

/** Golden 47: the umbrella model, hmmlearn's test_base.py. */
const umbrella: EmissionModel = {
  initial: [0.5, 0.5],
  transition: [
    [0.7, 0.3],
    [0.3, 0.7],
  ],
  emission: [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
};
const seen = [0, 0, 1, 0, 0];

const distribution = (size: number) =>
  fc
    .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: size, maxLength: size })
    .map((values) => values.map((value) => value / values.reduce((a, b) => a + b, 0)));

const models = fc.record({
  initial: distribution(2),
  transition: fc.array(distribution(2), { minLength: 2, maxLength: 2 }),
  emission: fc.array(distribution(3), { minLength: 2, maxLength: 2 }),
});

describe("hmmFromEmissions", () => {
  test("golden 47: likelihood, forward, backward and Viterbi", () => {
    const process = hmmFromEmissions(umbrella);
    expect(logWordProbability(process, seen)).toBeCloseTo(-3.3725, 4);
    const { beliefs, logLikelihood } = forwardBackward(process, seen);
    expect((beliefs[5 * 3] ?? 0) * Math.exp(logLikelihood)).toBeCloseTo(0.0298, 4);
    expect((beliefs[5 * 3 + 1] ?? 0) * Math.exp(logLikelihood)).toBeCloseTo(0.0046, 4);
    // hmmlearn's backward variable of the first emitting state: the four tokens after it
    const { vectors, logScales } = backwardVectors(process, seen);
    expect((vectors[3] ?? 0) * Math.exp(logScales[1] ?? 0)).toBeCloseTo(0.0661, 4);
    expect((vectors[4] ?? 0) * Math.exp(logScales[1] ?? 0)).toBeCloseTo(0.0455, 4);
    const path = viterbi(process, seen);
    expect(Array.from(path.states)).toEqual([2, 0, 0, 1, 0, 0]);
    expect(path.logProbability).toBeCloseTo(-4.459, 4);
  });

  test.prop([models, fc.array(fc.nat(2), { maxLength: 4 })])(
    "words have the sum over emitting paths",
    (model, word) => {
      const { initial, transition, emission } = model;
      const walk = (weights: readonly number[], t: number): number => {
        if (t === word.length) return t === 0 ? 1 : 0;
        return weights.reduce((sum, weight, z) => {
          const here = weight * (emission[z]?.[word[t] ?? 0] ?? 0);
          return sum + (t + 1 === word.length ? here : here * walk(transition[z] ?? [], t + 1));
        }, 0);
      };
      const probability = wordProbability(hmmFromEmissions(model), word);
      expect(Math.abs(probability - walk(initial, 0))).toBeLessThan(1e-14);
    },
  );

  test("keeps the names of the tokens", () => {
    expect(hmmFromEmissions({ ...umbrella, alphabet: ["umbrella", "none"] }).alphabet).toEqual(["umbrella", "none"]);
  });

  test.each<readonly [string, EmissionModel, new (...args: never[]) => Error, string]>([
    ["no states", { initial: [], transition: [], emission: [] }, ShapeError, "transition has 0 rows"],
    [
      "missing emission rows",
      { ...umbrella, emission: [[1, 0]] },
      ShapeError,
      "transition has 2 rows, emission has 1 rows",
    ],
    ["a short row", { ...umbrella, transition: [[1], [0.5, 0.5]] }, ShapeError, "transition[0] has 1 entries"],
    [
      "a bad sum",
      {
        ...umbrella,
        emission: [
          [0.9, 0.2],
          [0.5, 0.5],
        ],
      },
      NotNormalizedError,
      "emission[0] sums to 1.1",
    ],
    ["a missing row", { ...umbrella, transition: new Array<number[]>(2) }, ShapeError, "transition[0] is undefined"],
    ["a text", { ...umbrella, emission: "12" as never }, ShapeError, 'emission is "12"'],
    ["NaN", { ...umbrella, initial: [Number.NaN, 1] }, InvalidArgumentError, "initial[0] is NaN"],
    ["a negative number", { ...umbrella, initial: [-0.5, 1.5] }, InvalidArgumentError, "initial[0] is -0.5"],
    ["too few names", { ...umbrella, alphabet: ["a"] }, ShapeError, "alphabet has 1 names"],
  ])("refuses %s", (_, model, Class, message) => {
    expect(() => hmmFromEmissions(model)).toThrow(Class);
    expect(() => hmmFromEmissions(model)).toThrow(`hmmFromEmissions: ${message}`);
  });
});
