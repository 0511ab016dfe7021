import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { klDivergence, shannonEntropy } from "../numeric/entropy.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { jensenShannonDivergence } from "./jensen-shannon.ts";

const distribution = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: n, maxLength: n }).map((values) => {
    const total = values.reduce((a, b) => a + b, 0);
    return values.map((value) => value / total);
  });

describe("jensenShannonDivergence", () => {
  test.prop([distribution(3), distribution(4), distribution(4), distribution(4)])(
    "is the mean divergence from the mixture, at most the entropy of the weights",
    (weights, ...ps) => {
      const mean = [0, 1, 2, 3].map((i) => ps.reduce((sum, p, k) => sum + (weights[k] ?? 0) * (p[i] ?? 0), 0));
      const expected = ps.reduce((sum, p, k) => sum + (weights[k] ?? 0) * klDivergence(p, mean), 0);
      const value = jensenShannonDivergence(ps, { weights });
      expect(value).toBeCloseTo(expected, 12);
      expect(value).toBeLessThanOrEqual(shannonEntropy(weights) + 1e-12);
      expect(jensenShannonDivergence(ps, { weights, unit: "nats" })).toBeCloseTo(value * Math.LN2, 12);
    },
  );

  // dit, test_jensen_shannon_divergence.py
  test("published values", () => {
    const [ab, bc] = [
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
    ];
    expect(jensenShannonDivergence([ab, bc], { weights: [0.75, 0.25] })).toBeCloseTo(0.40563906222956625, 15);
    expect(jensenShannonDivergence([ab, ab])).toBe(0);
    expect(jensenShannonDivergence([ab, bc])).toBeCloseTo(0.5, 15);
    const far = [
      [1, 0],
      [0, 1],
    ];
    expect(jensenShannonDivergence(far)).toBe(1);
  });

  test("refuses what is no set of distributions", () => {
    expect(() => jensenShannonDivergence([])).toThrow(ShapeError);
    expect(() => jensenShannonDivergence([[]])).toThrow(ShapeError);
    expect(() => jensenShannonDivergence([[1], [0.5, 0.5]])).toThrow("distribution 1 has 2 outcomes");
    expect(() => jensenShannonDivergence([[1]], { weights: [0.5, 0.5] })).toThrow("2 weights for 1 distributions");
    expect(() => jensenShannonDivergence([[1]], { weights: [0.5] })).toThrow(NotNormalizedError);
    expect(() => jensenShannonDivergence([[0.5, 0.4]])).toThrow("distribution 0 sums to 0.9");
    expect(() => jensenShannonDivergence([[1], [1]], { weights: [2, -1] })).toThrow(InvalidArgumentError);
    expect(() => jensenShannonDivergence([[1.5, -0.5]])).toThrow(InvalidArgumentError);
    expect(() => jensenShannonDivergence([[Number.NaN, 1]])).toThrow(InvalidArgumentError);
  });
});
