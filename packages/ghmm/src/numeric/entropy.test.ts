import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { klDivergence, shannonEntropy, unitsPerNat } from "./entropy.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "./errors.ts";

const distribution = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: length, maxLength: length }).map((weights) => {
    const total = weights.reduce((sum, x) => sum + x, 0);
    return weights.map((x) => x / total);
  });

describe("shannonEntropy", () => {
  test.prop([distribution(4)])("lies between 0 and log n, uniform alone reaching it", (p) => {
    const entropy = shannonEntropy(p);
    expect(entropy).toBeGreaterThanOrEqual(0);
    expect(entropy).toBeLessThanOrEqual(2 + 1e-12);
    expect(2 - entropy).toBeCloseTo(klDivergence(p, [0.25, 0.25, 0.25, 0.25]), 12);
  });

  test.prop([distribution(3), distribution(2)])("adds over independent variables", (p, q) => {
    const joint = p.flatMap((a) => q.map((b) => a * b));
    expect(shannonEntropy(joint)).toBeCloseTo(shannonEntropy(p) + shannonEntropy(q), 12);
  });

  test("units", () => {
    expect(shannonEntropy([0.5, 0.5])).toBe(1);
    expect(shannonEntropy([0.5, 0.5], { unit: "nats" })).toBeCloseTo(Math.LN2, 15);
    expect(unitsPerNat("f", "nats")).toBe(1);
  });

  test("a certain outcome has none, and 0 log 0 is 0", () => {
    expect(shannonEntropy([0, 1, 0])).toBe(0);
    expect(shannonEntropy([])).toBe(0);
  });

  // dit's test of the Jensen-Shannon divergence (test_jensen_shannon_divergence.py), golden 54.
  test("golden 54: Jensen-Shannon divergence", () => {
    const jsd = (p: number[], q: number[]): number => {
      const mean = p.map((a, i) => (a + (q[i] ?? 0)) / 2);
      return shannonEntropy(mean) - (shannonEntropy(p) + shannonEntropy(q)) / 2;
    };
    expect(jsd([0.5, 0.5], [0.5, 0.5])).toBeCloseTo(0, 15);
    expect(jsd([1, 0], [0, 1])).toBeCloseTo(1, 15);
    expect(jsd([0.5, 0.5, 0], [0, 0.5, 0.5])).toBeCloseTo(0.5, 15);
  });
});

describe("klDivergence", () => {
  test.prop([distribution(3), distribution(3)])("is not negative and vanishes on the diagonal", (p, q) => {
    expect(klDivergence(p, q)).toBeGreaterThanOrEqual(-1e-15);
    expect(klDivergence(p, p)).toBe(0);
  });

  test("support", () => {
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Number.POSITIVE_INFINITY);
    expect(klDivergence([1, 0], [0.5, 0.5], { unit: "nats" })).toBeCloseTo(Math.LN2, 15);
    expect(klDivergence([0, 1], [0, 1])).toBe(0);
  });

  test("a quotient that overflows has finite logarithms", () => {
    expect(klDivergence([1, 0], [2 ** -1074, 1])).toBeCloseTo(1074, 10);
    expect(klDivergence([2 ** -1074, 1], [1, 2 ** -1074])).toBeCloseTo(1074, 10);
  });
});

describe("bad input", () => {
  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])("a probability of %s is refused", (value) => {
    expect(() => shannonEntropy([0.5, value])).toThrow(InvalidArgumentError);
    expect(() => shannonEntropy([0.5, value])).toThrow(`shannonEntropy: p[1] is ${value}`);
    expect(() => klDivergence([0.5, 0.5], [0.5, value])).toThrow(`klDivergence: q[1] is ${value}`);
  });

  test("different lengths", () => {
    expect(() => klDivergence([1], [0.5, 0.5])).toThrow(ShapeError);
  });

  test("what does not sum to one, whose divergence would be negative", () => {
    const half = [0.5, 0.5];
    expect(() => klDivergence([0.5, 0.4], half)).toThrow("klDivergence: p sums to 0.9. Divide it by that");
    expect(() => klDivergence(half, [1, 1])).toThrow("klDivergence: q sums to 2");
    expect(() => klDivergence([], [])).toThrow(NotNormalizedError);
    expect(klDivergence([0.5, 0.5 + 1e-12], half)).toBeCloseTo(0, 11);
  });

  test("an unknown unit", () => {
    // @ts-expect-error the compiler refuses it too
    expect(() => shannonEntropy([1], { unit: "dits" })).toThrow('unit is dits. Give "bits" or "nats"');
  });
});
