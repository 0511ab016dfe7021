import { fc, test } from "@fast-check/vitest";
import {
  InvalidArgumentError,
  mess3,
  NotNormalizedError,
  ShapeError,
  singularValueDecomposition,
  tensorProduct,
} from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { ccnrCriterion, pptCriterion } from "./criteria.ts";
import { pureDensity, squareRootState } from "./embeddings.ts";
import { covarianceState, ensembleState } from "./ensemble-state.ts";
import { quantumMutualInformation } from "./mutual-information.ts";
import { negativity } from "./negativity.ts";
import { realignment } from "./realignment.ts";

describe("ensembleState", () => {
  test.prop(
    [
      fc.array(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), {
        minLength: 1,
        maxLength: 4,
      }),
    ],
    { numRuns: 40 },
  )("is the mean of the pure states, with at most their mean negativity (T22)", (draws) => {
    const states = draws.map((draw) =>
      squareRootState(
        draw.map((x) => x / draw.reduce((a, b) => a + b, 0)),
        [2, 3],
      ),
    );
    const weights = draws.map((draw) => (draw[0] ?? 0) / draws.reduce((sum, one) => sum + (one[0] ?? 0), 0));
    const rho = ensembleState({ weights, states });
    const pure = states.map((psi) => pureDensity(psi));
    rho.forEach((value, at) => {
      expect(value).toBeCloseTo(
        pure.reduce((sum, one, h) => sum + (weights[h] ?? 0) * (one[at] ?? 0), 0),
        14,
      );
    });
    const bound = pure.reduce((sum, one, h) => sum + (weights[h] ?? 0) * negativity(one, [2, 3]), 0);
    expect(negativity(rho, [2, 3])).toBeLessThanOrEqual(bound + 1e-12);
  });

  test("of the beliefs of a factored process is separable, but not without correlation", () => {
    const process = tensorProduct(mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.15, a: 0.6 }));
    const words = wordsOfLength(process, 2);
    const rho = ensembleState({
      weights: words.map(({ probability }) => probability),
      states: words.map(({ belief }) => squareRootState(belief, [3, 3])),
    });
    expect(negativity(rho, [3, 3])).toBeCloseTo(0, 12);
    expect(pptCriterion(rho, [3, 3]).entangled).toBe(false);
    expect(ccnrCriterion(rho, [3, 3]).entangled).toBe(false);
  });

  test("products that vary together: no negativity, one bit of quantum mutual information", () => {
    const rho = ensembleState({
      weights: [0.5, 0.5],
      states: [
        [1, 0, 0, 0],
        [0, 0, 0, 1],
      ],
    });
    expect(negativity(rho, [2, 2])).toBe(0);
    expect(quantumMutualInformation(rho, [2, 2])).toBeCloseTo(1, 14);
  });

  test("of a coupled process has less negativity than its states on average", () => {
    const process = personaMess3({ theta: 1 });
    const words = wordsOfLength(process, 3);
    const states = words.map(({ belief }) => squareRootState(belief, [2, 3]));
    const weights = words.map(({ probability }) => probability);
    const average = states.reduce((sum, psi, h) => sum + (weights[h] ?? 0) * negativity(pureDensity(psi), [2, 3]), 0);
    expect(average).toBeGreaterThan(0.01);
    expect(negativity(ensembleState({ weights, states }), [2, 3])).toBeLessThan(average);
  });

  test("bad input", () => {
    const states = [
      [1, 0],
      [0, 1],
    ];
    expect(() => ensembleState({ weights: [0.5, 0.4], states })).toThrow(NotNormalizedError);
    expect(() => ensembleState({ weights: [1.5, -0.5], states })).toThrow("weights[1] is -0.5");
    expect(() => ensembleState({ weights: [1], states })).toThrow(ShapeError);
    expect(() => ensembleState({ weights: [0.5, 0.5], states: [[1, 0], [1]] })).toThrow("states[1] has 1 entries");
    expect(() =>
      ensembleState({
        weights: [0.5, 0.5],
        states: [
          [1, 0],
          [1, 1],
        ],
      }),
    ).toThrow("|states[1]|^2 is 2");
    expect(() =>
      ensembleState({
        weights: [0.5, 0.5],
        states: [
          [1, 0],
          [Number.NaN, 1],
        ],
      }),
    ).toThrow("states[1][0] is NaN");
  });
});

describe("covarianceState", () => {
  test.prop(
    [
      fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), {
        minLength: 2,
        maxLength: 6,
      }),
    ],
    { numRuns: 40 },
  )("is the centred second moment over its trace", (points) => {
    const count = points.length;
    const mean = [0, 1, 2, 3].map((s) => points.reduce((sum, point) => sum + (point[s] ?? 0), 0) / count);
    const moment = (i: number, j: number) =>
      points.reduce((sum, p) => sum + ((p[i] ?? 0) - (mean[i] ?? 0)) * ((p[j] ?? 0) - (mean[j] ?? 0)), 0) / count;
    const trace = [0, 1, 2, 3].reduce((sum, s) => sum + moment(s, s), 0);
    fc.pre(trace > 1e-3);
    covarianceState(points, [2, 2]).forEach((value, at) => {
      expect(value).toBeCloseTo(moment(at >> 2, at & 3) / trace, 12);
    });
  });

  test("of all products of two sets of points realigns to rank one", () => {
    // E[(a (x) c)(a (x) c)^T] = E[a a^T] (x) E[c c^T], and the means vanish
    const [first, second] = [
      [
        [1, 2],
        [-1, -2],
        [3, 0],
        [-3, 0],
      ],
      [
        [1, 0.5, 0],
        [-1, -0.5, 0],
        [0, 2, 1],
        [0, -2, -1],
      ],
    ];
    const points = (first ?? []).flatMap((a) => (second ?? []).map((c) => a.flatMap((x) => c.map((y) => x * y))));
    const sigma = covarianceState(points, [2, 3]);
    const { values } = singularValueDecomposition(realignment(sigma, [2, 3]), [4, 9]);
    expect(values[1]).toBeCloseTo(0, 13);
  });

  test("the scale of the points does not matter, from the smallest to the largest numbers", () => {
    for (const scale of [1e-300, 1e-160, 1e160, 1e300]) {
      const sigma = covarianceState(
        [
          [scale, 0],
          [-scale, scale],
        ],
        [1, 2],
      );
      expect(Array.from(sigma)).toEqual([0.8, -0.4, -0.4, 0.2].map((value) => expect.closeTo(value, 14)));
    }
  });

  test("weights count points", () => {
    const weighted = covarianceState(
      [
        [1, 0],
        [0, 2],
      ],
      [1, 2],
      { weights: [2 / 3, 1 / 3] },
    );
    const repeated = covarianceState(
      [
        [1, 0],
        [1, 0],
        [0, 2],
      ],
      [1, 2],
    );
    weighted.forEach((value, at) => {
      expect(value).toBeCloseTo(repeated[at] ?? 0, 14);
    });
  });

  test("bad input", () => {
    expect(() =>
      covarianceState(
        [
          [1, 0],
          [1, 0],
        ],
        [1, 2],
      ),
    ).toThrow(InvalidArgumentError);
    expect(() =>
      covarianceState(
        [
          [1, 0],
          [1, 0],
        ],
        [1, 2],
      ),
    ).toThrow("the variance of the 2 points is 0");
    expect(() => covarianceState([[1, 0], [1]], [1, 2])).toThrow("points[1] has 1 entries");
    expect(() => covarianceState([[1, 0]], [2, 5])).toThrow(ShapeError);
    expect(() =>
      covarianceState(
        [
          [1, 0],
          [0, 1],
        ],
        [1, 2],
        { weights: [1] },
      ),
    ).toThrow("weights has 1 entries");
    expect(() =>
      covarianceState(
        [
          [1, 0],
          [0, Number.NaN],
        ],
        [1, 2],
      ),
    ).toThrow("points[1][1] is NaN");
  });
});
