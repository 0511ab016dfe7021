import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { checkCone } from "./cone.ts";
import type { Process } from "./process.ts";

const parts = (process: Process) => ({
  operators: process.alphabet.map((_, token) => process.operator(token)),
  initial: process.initial,
  normalizer: process.normalizer,
});

/** The state `(1, r)`: a bit that flips with probability 1/4, then seen; cones `|r| <= bound` prove it for bounds from 1 to 2. */
const bit = {
  operators: [Float64Array.of(0.5, 0.5, 0.25, 0.25), Float64Array.of(0.5, -0.5, -0.25, 0.25)],
  initial: Float64Array.of(1, 0),
  normalizer: Float64Array.of(1, 0),
};

describe("checkCone", () => {
  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 40 })(
    "accepts the states of a hidden Markov model in any coordinates, with more rays than needed",
    ({ ghmm, hmm, basis }) => {
      const d = hmm.stateDim;
      const { inverse } = pseudoInverse(basis.flat(), [d, d]);
      const corner = (s: number) => inverse.subarray(s * d, (s + 1) * d);
      const corners = Array.from({ length: d }, (_, s) => corner(s));
      const rays = checkCone("here", parts(ghmm), [
        ...corners,
        ghmm.initial,
        ...corners.map((ray) => ray.map((x) => 7 * x)),
      ]);
      expect(rays).toHaveLength(2 * d + 1);
      for (const ray of rays) expect(Math.hypot(...ray)).toBeCloseTo(1, 14);
    },
  );

  test.prop([fc.double({ min: 2.01, max: 100, noNaN: true })])(
    "a cone that is too wide is not mapped into itself",
    (bound) => {
      const call = () =>
        checkCone("here", bit, [
          [1, bound],
          [1, -bound],
        ]);
      expect(call).toThrow(InvalidArgumentError);
      expect(call).toThrow(
        /^here: the cone of certificate.rays does not contain rays\[0\] T\^1: it is (0\.\d+|1|1\.0\d*) of its length away/,
      );
    },
  );

  test.prop([fc.double({ min: 0.01, max: 0.99, noNaN: true })])("nor is one that is too narrow", (bound) => {
    // token 0 sends (1, r) to a multiple of (1, 1/2 (2 + r) / (1 + r / 2)) = (1, 1)
    expect(() =>
      checkCone("here", bit, [
        [1, bound],
        [1, -bound],
      ]),
    ).toThrow("does not contain rays[0] T^0");
  });

  test("the cone contains the initial state, and the normalizer is non-negative on it", () => {
    const rays = [
      [1, 1],
      [1, -1],
    ];
    expect(checkCone("here", bit, rays)).toHaveLength(2);
    expect(() => checkCone("here", { ...bit, initial: Float64Array.of(1, 2) }, rays)).toThrow(
      /does not contain initial: it is 0\.316\d* of its length away/,
    );
    expect(() => checkCone("here", bit, [...rays, [-3, 0.5]])).toThrow("rays[2] . w is -3");
  });

  test("refuses rays that are none", () => {
    expect(() => checkCone("here", bit, [])).toThrow(ShapeError);
    expect(() => checkCone("here", bit, [[1, 0, 0]])).toThrow("certificate.rays[0] has 3 entries for 2 states");
    expect(() => checkCone("here", bit, [[1, Number.NaN]])).toThrow("certificate.rays[0][1] is NaN");
    expect(() => checkCone("here", bit, [[0, 0]])).toThrow("certificate.rays[0] has length 0");
    const many = Array.from({ length: 50_000 }, () => [1, 0]);
    expect(() => checkCone("here", bit, many)).toThrow(UnsupportedError);
  });
});
