import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError, shannonEntropy } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { density, rotated, unitary } from "./_testing/states.ts";
import { diagonalState } from "./embeddings.ts";
import { linearEntropy, renyiEntropy, vonNeumannEntropy } from "./entropies.ts";

const law = fc
  .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 })
  .map((draws) => draws.map((value) => value / draws.reduce((sum, x) => sum + x, 0)));

const orders = [0, 0.5, 1, 2, 3.5, Number.POSITIVE_INFINITY];

describe("entropies of diag(p)", () => {
  test.prop([law], { numRuns: 100 })("are those of p, written out", (p) => {
    const rho = diagonalState(p);
    const power = (order: number) => p.reduce((sum, value) => sum + value ** order, 0);
    expect(vonNeumannEntropy(rho)).toBeCloseTo(shannonEntropy(p), 12);
    expect(vonNeumannEntropy(rho, { unit: "nats" })).toBeCloseTo(shannonEntropy(p, { unit: "nats" }), 12);
    expect(renyiEntropy(rho, 0)).toBeCloseTo(Math.log2(p.length), 12);
    expect(renyiEntropy(rho, 0.5)).toBeCloseTo(2 * Math.log2(power(0.5)), 12);
    expect(renyiEntropy(rho, 1)).toBeCloseTo(shannonEntropy(p), 12);
    expect(renyiEntropy(rho, 2)).toBeCloseTo(-Math.log2(power(2)), 12);
    expect(renyiEntropy(rho, Number.POSITIVE_INFINITY)).toBeCloseTo(-Math.log2(Math.max(...p)), 12);
    expect(linearEntropy(rho)).toBeCloseTo(1 - power(2), 12);
  });
});

describe("entropies of complex states", () => {
  test.prop([density(3), unitary(3)], { numRuns: 50 })("no unitary changes them", (rho, u) => {
    const turned = rotated(rho, u, 3);
    // the rank of a nearly singular state, order 0, is decided by rounding
    for (const order of orders.slice(2)) {
      expect(renyiEntropy(turned, order)).toBeCloseTo(renyiEntropy(rho, order), 9);
    }
    expect(linearEntropy(turned)).toBeCloseTo(linearEntropy(rho), 12);
  });

  test.prop([density(3)], { numRuns: 50 })("Renyi entropies fall with the order, from log d to zero at most", (rho) => {
    const values = orders.map((order) => renyiEntropy(rho, order));
    expect(values[0]).toBeLessThanOrEqual(Math.log2(3) + 1e-12);
    values.slice(1).forEach((value, i) => {
      expect(value).toBeLessThanOrEqual((values[i] ?? 0) + 1e-9);
    });
    expect(values.at(-1)).toBeGreaterThanOrEqual(0);
    // continuous at order 1
    expect(renyiEntropy(rho, 1 + 1e-7)).toBeCloseTo(renyiEntropy(rho, 1), 5);
  });
});

test("eigenvalues at or below the clip count as zero", () => {
  const rho = [1 - 1e-12, 0, 0, 1e-12];
  expect(renyiEntropy(rho, 0)).toBe(1);
  expect(renyiEntropy(rho, 0, { clip: 1e-10 })).toBe(0);
  expect(vonNeumannEntropy(rho)).toBeGreaterThan(3e-11);
});

test("a high order does not underflow", () => {
  expect(renyiEntropy(diagonalState([0.5, 0.5]), 1e6)).toBeCloseTo(1, 9);
});

describe("Renyi entropies near order one", () => {
  test.each([1e-3, 1e-6, 1e-9, 1e-12, 1e-15])("are von Neumann's at a distance of %d", (distance) => {
    const [p, q] = [0.8, 0.2];
    const entropy = -p * Math.log2(p) - q * Math.log2(q);
    // the slope at order one is minus half the variance of log p
    const variance = p * Math.log2(p) ** 2 + q * Math.log2(q) ** 2 - entropy ** 2;
    for (const sign of [1, -1]) {
      const expected = entropy - (sign * distance * variance * Math.LN2) / 2;
      expect(Math.abs(renyiEntropy([p, 0, 0, q], 1 + sign * distance) - expected)).toBeLessThan(1e-14 + distance ** 2);
    }
  });

  test("a trace that is one up to the tolerance does not show", () => {
    const entropy = renyiEntropy([0.8 + 5e-10, 0, 0, 0.2], 1 - 1e-9);
    expect(entropy).toBeCloseTo(vonNeumannEntropy([0.8, 0, 0, 0.2]), 8);
  });
});

describe("refuses, with the value", () => {
  test.each([
    ["vonNeumannEntropy", (rho: ArrayLike<number>) => vonNeumannEntropy(rho)],
    ["renyiEntropy", (rho: ArrayLike<number>) => renyiEntropy(rho, 2)],
    ["linearEntropy", (rho: ArrayLike<number>) => linearEntropy(rho)],
  ])("%s", (name, measure) => {
    expect(() => measure([0.5, 0, 0, 0.6])).toThrow(NotNormalizedError);
    expect(() => measure([0.5, 0, 0, 0.6])).toThrow(`${name}: rho has trace 1.1`);
    expect(() => measure([1.25, 0, 0, -0.25])).toThrow("rho has the eigenvalue -0.25");
    expect(() => measure([0.5, 0.2, 0.1, 0.5])).toThrow("rho[1, 0] differs by 0.1 from the conjugate");
    expect(() => measure([0.5, 0, Number.NaN, 0.5])).toThrow(InvalidArgumentError);
    expect(() => measure([0.5, 0.5])).toThrow(ShapeError);
  });

  test("options", () => {
    expect(() => renyiEntropy([1], -1)).toThrow("order is -1");
    expect(() => renyiEntropy([1], Number.NaN)).toThrow("order is NaN");
    expect(() => vonNeumannEntropy([1], { clip: 2 })).toThrow("clip is 2");
    expect(() => vonNeumannEntropy([1], { tolerance: Number.NaN })).toThrow("tolerance is NaN");
    expect(() => vonNeumannEntropy([1], { unit: "bans" as "bits" })).toThrow("unit is bans");
    // a larger tolerance accepts more rounding
    expect(vonNeumannEntropy([1 + 1e-6, 0, 0, -1e-6], { tolerance: 1e-5 })).toBeCloseTo(0, 5);
  });
});
