import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { kronecker, multiply, pseudoInverse } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { operatorSchmidt } from "./operator-schmidt.ts";

const size = fc.integer({ min: 1, max: 3 });
const square = (d: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: d * d, maxLength: d * d })
    .map((m) => Float64Array.from(m));
/** Two dimensions, and two matrices for each side. */
const pairs = fc
  .tuple(size, size)
  .chain(([dA, dC]) => fc.tuple(fc.constant([dA, dC] as const), square(dA), square(dC), square(dA), square(dC)));

const plus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + (b[i] ?? 0));
const norm = (m: Float64Array) => Math.sqrt(m.reduce((sum, value) => sum + value * value, 0));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
/** A rotation of the first two coordinates. */
const rotation = (d: number, angle: number) => {
  const out = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
  if (d > 1)
    [out[0], out[1], out[d], out[d + 1]] = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle)];
  return out;
};

describe("operatorSchmidt", () => {
  test("a tensor product has one coefficient, 1, and its singular value is the product of the norms", () => {
    fc.assert(
      fc.property(pairs, ([dimensions, a, c]) => {
        fc.pre(norm(a) > 1e-3 && norm(c) > 1e-3);
        const { coefficients, singularValues, rank, entropy } = operatorSchmidt(
          kronecker(a, dimensions[0], c, dimensions[1]),
          dimensions,
        );
        expect(rank).toBe(1);
        expect(coefficients.length).toBe(Math.min(...dimensions) ** 2);
        expect(coefficients[0]).toBeCloseTo(1, 14);
        expect(singularValues[0]).toBeCloseTo(norm(a) * norm(c), 12);
        expect(entropy).toBeLessThan(1e-12);
      }),
    );
  });

  test("oracle: of a sum of two products, the eigenvalues of the product of their 2 x 2 Gram matrices", () => {
    fc.assert(
      fc.property(pairs, ([dimensions, a, c, b, d]) => {
        const [dA, dC] = dimensions;
        fc.pre(dA > 1 && dC > 1);
        const sum = plus(kronecker(a, dA, c, dC), kronecker(b, dA, d, dC));
        const { singularValues, rank } = operatorSchmidt(sum, dimensions);
        const [gA, gC] = [[dot(a, a), dot(a, b), dot(b, b)] as const, [dot(c, c), dot(c, d), dot(d, d)] as const];
        // trace and determinant of the product
        const trace = gA[0] * gC[0] + 2 * gA[1] * gC[1] + gA[2] * gC[2];
        const determinant = (gA[0] * gA[2] - gA[1] ** 2) * (gC[0] * gC[2] - gC[1] ** 2);
        const [s = 0, t = 0] = singularValues;
        expect(rank).toBeLessThanOrEqual(2);
        expect(Math.abs(s * s + t * t - trace)).toBeLessThan(1e-10);
        expect(Math.abs(s * s * t * t - determinant)).toBeLessThan(1e-10);
      }),
    );
  });

  test("squared coefficients sum to one, squared singular values to the squared norm, and the entropy has its bounds", () => {
    const any = fc.tuple(size, size).chain((d) => fc.tuple(fc.constant(d), square(d[0] * d[1])));
    fc.assert(
      fc.property(any, ([dimensions, operator]) => {
        fc.pre(norm(operator) > 1e-3);
        const { coefficients, singularValues, entropy } = operatorSchmidt(operator, dimensions);
        expect(norm(coefficients)).toBeCloseTo(1, 12);
        expect(norm(singularValues)).toBeCloseTo(norm(operator), 12);
        expect([...coefficients]).toEqual([...coefficients].sort((x, y) => y - x));
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(2 * Math.log2(Math.min(...dimensions)) + 1e-12);
        const nats = operatorSchmidt(operator, dimensions, { unit: "nats" }).entropy;
        expect(nats).toBeCloseTo(entropy * Math.LN2, 12);
      }),
    );
  });

  test("changes of basis inside the factors keep the rank; rotations keep the coefficients; a shear does not", () => {
    const operator = personaZ1r({ variant: "semi-s" }).operator(2);
    const inBasis = (s: Float64Array) => multiply(multiply(s, operator, 6), pseudoInverse(s, [6, 6]).inverse, 6);
    const before = operatorSchmidt(operator, [2, 3]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6, noNaN: true }), (angle) => {
        const rotated = operatorSchmidt(inBasis(kronecker(rotation(2, angle), 2, rotation(3, 2 * angle), 3)), [2, 3]);
        before.coefficients.forEach((value, k) => {
          expect(rotated.coefficients[k]).toBeCloseTo(value, 12);
        });
      }),
    );
    const shear = kronecker(Float64Array.of(1, 0.5, 0, 1), 2, rotation(3, 0), 3);
    const sheared = operatorSchmidt(inBasis(shear), [2, 3]);
    expect(sheared.rank).toBe(before.rank);
    expect(Math.abs(sheared.entropy - before.entropy)).toBeGreaterThan(0.01);
  });

  test("the swap of two bits has four equal coefficients: two bits, the most there are", () => {
    const swap = [1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
    const { coefficients, rank, entropy } = operatorSchmidt(swap, [2, 2]);
    for (const value of coefficients) expect(value).toBeCloseTo(0.5, 14);
    expect(rank).toBe(4);
    expect(entropy).toBeCloseTo(2, 14);
  });

  test("the zero operator has no rank, and the scale of an operator does not matter", () => {
    expect(operatorSchmidt(new Float64Array(16), [2, 2])).toMatchObject({ rank: 0, entropy: 0 });
    const operator = personaZ1r().operator(0);
    for (const scale of [1e-200, 1e200]) {
      const { entropy, rank } = operatorSchmidt(
        operator.map((value) => value * scale),
        [2, 3],
      );
      expect(entropy).toBeCloseTo(operatorSchmidt(operator, [2, 3]).entropy, 12);
      expect(rank).toBe(2);
    }
  });

  test("refuses what is no operator on the product", () => {
    expect(() => operatorSchmidt([1, 0, 0, 1], [2, 3])).toThrow(ShapeError);
    expect(() => operatorSchmidt([1, 0, 0, Number.NaN], [2, 1])).toThrow("operatorSchmidt: operator[3] is NaN");
    expect(() => operatorSchmidt([1], [1, 0])).toThrow("dimensions[1] is 0");
    expect(() => operatorSchmidt([1], [1, 1], JSON.parse('{ "unit": "dits" }'))).toThrow(InvalidArgumentError);
  });
});
