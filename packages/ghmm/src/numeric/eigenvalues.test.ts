import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { eigenvalues } from "./eigenvalues.ts";
import { InvalidArgumentError, ShapeError } from "./errors.ts";
import { multiply } from "./matrix.ts";

const squareMatrix = fc
  .integer({ min: 1, max: 6 })
  .chain((n) =>
    fc
      .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n * n, maxLength: n * n })
      .map((entries) => ({ n, entries: Float64Array.from(entries) })),
  );

const trace = (m: Float64Array, n: number): number => m.reduce((sum, v, i) => sum + (i % (n + 1) === 0 ? v : 0), 0);

/** Row-major matrix that sends basis vector `i` to `i + 1` around a circle. */
const cycle = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => (at % n === (Math.floor(at / n) + 1) % n ? 1 : 0));

describe("eigenvalues", () => {
  test.prop([squareMatrix], { numRuns: 60 })("sums of powers are traces of powers", ({ n, entries }) => {
    const { real, imaginary } = eigenvalues(entries, n);
    let power: Float64Array = entries;
    let [re, im]: [Float64Array, Float64Array] = [real, imaginary];
    for (let k = 1; k <= 3; k++) {
      const scale = 1e-8 * (1 + 20 ** k);
      expect(Math.abs(re.reduce((a, b) => a + b, 0) - trace(power, n))).toBeLessThan(scale);
      expect(Math.abs(im.reduce((a, b) => a + b, 0))).toBeLessThan(scale);
      power = multiply(power, entries, n);
      const [a, b] = [re, im];
      re = a.map((value, i) => value * (real[i] ?? 0) - (b[i] ?? 0) * (imaginary[i] ?? 0));
      im = a.map((value, i) => value * (imaginary[i] ?? 0) + (b[i] ?? 0) * (real[i] ?? 0));
    }
  });

  test.prop([squareMatrix], { numRuns: 60 })("come by falling modulus, conjugates together", ({ n, entries }) => {
    const { real, imaginary } = eigenvalues(entries, n);
    for (let i = 1; i < n; i++) {
      const [before, after] = [i - 1, i].map((k) => Math.hypot(real[k] ?? 0, imaginary[k] ?? 0));
      expect((after ?? 0) - (before ?? 0)).toBeLessThan(1e-13 * (1 + (before ?? 0)));
    }
    for (let i = 0; i < n; i++) {
      if ((imaginary[i] ?? 0) > 1e-9) expect(imaginary[i + 1]).toBeCloseTo(-(imaginary[i] ?? 0), 9);
    }
  });

  test("of a symmetric matrix", () => {
    const { real, imaginary } = eigenvalues([2, 1, 1, 2], 2);
    expect(real[0]).toBeCloseTo(3, 13);
    expect(real[1]).toBeCloseTo(1, 13);
    expect(Array.from(imaginary)).toEqual([0, 0]);
  });

  test.each([1, 2, 3, 4, 5, 8, 12, 30])("of a cycle of %i are the roots of unity", (n) => {
    const { real, imaginary, residual } = eigenvalues(cycle(n), n);
    const angles = Array.from(real, (re, i) => (Math.atan2(imaginary[i] ?? 0, re) / (2 * Math.PI)) * n + n);
    expect(angles.map((angle) => Math.round(angle) % n).sort((a, b) => a - b)).toEqual(angles.map((_, i) => i));
    expect(residual).toBeLessThan(1e-12);
    real.forEach((re, i) => {
      expect(Math.hypot(re, imaginary[i] ?? 0)).toBeCloseTo(1, 12);
    });
  });

  test("of a rotation: the upper half plane first", () => {
    expect(eigenvalues([0, -2, 2, 0], 2)).toMatchObject({
      real: Float64Array.of(0, 0),
      imaginary: Float64Array.of(2, -2),
    });
  });

  test("of double pairs +-i, near which the diagonal is nothing but rounding", () => {
    // multiplication by unit quaternions without real part: the square is minus one
    for (let t = 0; t < 20; t++) {
      const [u, v] = [Math.acos((t - 9.5) / 10), 1.3 * t];
      const [a, b, c] = [Math.sin(u) * Math.cos(v), Math.sin(u) * Math.sin(v), Math.cos(u)];
      const { real, imaginary } = eigenvalues([0, -a, -b, -c, a, 0, -c, b, b, c, 0, -a, c, -b, a, 0], 4);
      for (const value of real) expect(value).toBeCloseTo(0, 12);
      expect(Array.from(imaginary, Math.round).sort((x, y) => y - x)).toEqual([1, 1, -1, -1]);
    }
  });

  test("of the zero matrix and of a nilpotent one", () => {
    expect(Array.from(eigenvalues([0, 0, 0, 0], 2).real)).toEqual([0, 0]);
    expect(Array.from(eigenvalues([0, 1, 0, 0], 2).real)).toEqual([0, 0]);
  });

  test("scale with the matrix, over the whole range of numbers", () => {
    for (const scale of [1e-300, 1e300]) {
      expect((eigenvalues([2 * scale, scale, scale, 2 * scale], 2).real[0] ?? 0) / scale).toBeCloseTo(3, 12);
    }
  });

  test("refuses what is not finite or not square", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => eigenvalues([1, bad, 0, 1], 2)).toThrow(InvalidArgumentError);
      expect(() => eigenvalues([1, bad, 0, 1], 2)).toThrow(`eigenvalues: entry [0, 1] is ${bad}`);
    }
    expect(() => eigenvalues([1, 2, 3], 2)).toThrow(ShapeError);
    expect(() => eigenvalues([], 0)).toThrow(ShapeError);
  });
});
