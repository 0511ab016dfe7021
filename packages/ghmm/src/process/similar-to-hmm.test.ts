import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "./process.ts";
import { findHmm } from "./similar-to-hmm.ts";

const parts = (process: Process) => ({
  operators: process.alphabet.map((_, token) => process.operator(token)),
  initial: process.initial,
  normalizer: process.normalizer,
  alphabet: process.alphabet,
});
/** The state `(1, r)`: a bit that flips with probability 1/4, then seen. */
const bit = {
  operators: [Float64Array.of(0.5, 0.5, 0.25, 0.25), Float64Array.of(0.5, -0.5, -0.25, 0.25)],
  initial: Float64Array.of(1, 0),
  normalizer: Float64Array.of(1, 0),
  alphabet: ["0", "1"],
};
const BASIS = [
  [1, 1],
  [1, -1],
];

describe("findHmm", () => {
  test.prop([gaugeTransformed({ maxStates: 4 })], { numRuns: 40 })(
    "undoes a change of basis",
    ({ ghmm, hmm, basis, condition }) => {
      const found = findHmm("here", parts(ghmm), basis);
      expect(found.certificate).toEqual({ kind: "hmm" });
      hmm.alphabet.forEach((_, token) => {
        const expected = hmm.operator(token);
        found.operator(token).forEach((value, i) => {
          expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(1e-14 * condition ** 2);
          expect(value).toBeGreaterThanOrEqual(0);
        });
      });
      expect(found.normalizer.every((value) => value === 1)).toBe(true);
    },
  );

  test("a bit in the coordinates (1, r)", () => {
    const half = (values: readonly number[][]) => values.map((row) => row.map((value) => value / 2));
    // S^-1 w must be (1, 1): the columns of S are those of [[1, 1], [1, -1]] halved
    const found = findHmm("here", bit, half(BASIS));
    [0.5, 0.5].forEach((value, s) => {
      expect(found.initial[s]).toBeCloseTo(value, 14);
    });
    [0.75, 0, 0.25, 0].forEach((value, i) => {
      expect(found.operator(0)[i]).toBeCloseTo(value, 14);
    });
    expect(() => findHmm("here", bit, BASIS)).toThrow(/entry 0 of S\^-1 w is 0\.(5|4999)\d*\. Give a basis in which/);
  });

  test("refuses a basis without this property, with the number", () => {
    const skew = [
      [0.5, 0.5],
      [0.125, -0.125],
    ];
    expect(() => findHmm("here", bit, skew)).toThrow(InvalidArgumentError);
    expect(() => findHmm("here", bit, skew)).toThrow("entry [1, 0] of S^-1 T^0 S is -0.3125");
    const outside = { ...bit, initial: Float64Array.of(1, 1.5) };
    expect(() =>
      findHmm("here", outside, [
        [0.5, 0.5],
        [0.5, -0.5],
      ]),
    ).toThrow("entry 1 of initial S is -0.25");
    expect(() =>
      findHmm("here", bit, [
        [1, 1],
        [1, 1],
      ]),
    ).toThrow("certificate.basis has condition number");
    expect(() => findHmm("here", bit, [[1, 1]])).toThrow(ShapeError);
    expect(() => findHmm("here", bit, [[1, 1], [1]])).toThrow("certificate.basis[1] has 1 entries for 2 states");
    expect(() =>
      findHmm("here", bit, [
        [1, 1],
        [1, Number.NaN],
      ]),
    ).toThrow("certificate.basis[1][1] is NaN");
  });
});
