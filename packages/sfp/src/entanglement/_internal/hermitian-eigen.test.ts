import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hermitian } from "../_testing/states.ts";
import { hermitianEigen, hermitianEigenvalues } from "./hermitian-eigen.ts";
import type { Square } from "./square.ts";

describe("hermitianEigen", () => {
  test.prop([fc.integer({ min: 1, max: 6 }).chain((n) => hermitian(n))], { numRuns: 60 })(
    "reconstructs the matrix with orthonormal vectors in falling order",
    (square) => {
      const { n, re, im } = square;
      const { values, vectors } = hermitianEigen(square);
      expect(Array.from(hermitianEigenvalues(square))).toEqual(Array.from(values));
      for (let k = 1; k < n; k++) expect(values[k - 1] ?? 0).toBeGreaterThanOrEqual(values[k] ?? 0);
      const [x, y] = [(at: number) => vectors.re[at] ?? 0, (at: number) => vectors.im?.[at] ?? 0];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let [real, imaginary, one, zero] = [0, 0, 0, 0];
          for (let k = 0; k < n; k++) {
            const [a, b] = [i * n + k, j * n + k];
            real += (values[k] ?? 0) * (x(a) * x(b) + y(a) * y(b));
            imaginary += (values[k] ?? 0) * (y(a) * x(b) - x(a) * y(b));
            const [c, d] = [k * n + i, k * n + j];
            one += x(c) * x(d) + y(c) * y(d);
            zero += x(c) * y(d) - y(c) * x(d);
          }
          expect(real).toBeCloseTo(re[i * n + j] ?? 0, 12);
          expect(imaginary).toBeCloseTo(im?.[i * n + j] ?? 0, 12);
          expect(one).toBeCloseTo(i === j ? 1 : 0, 12);
          expect(zero).toBeCloseTo(0, 12);
        }
      }
    },
  );

  test.prop([hermitian(2)])("of a 2 x 2 matrix are (a + d) / 2 +- sqrt(((a - d) / 2)^2 + |b|^2)", ({ n, re, im }) => {
    const [a = 0, b = 0, , d = 0] = re;
    const radius = Math.hypot((a - d) / 2, b, im?.[1] ?? 0);
    const values = hermitianEigenvalues({ n, re, im });
    expect(values[0]).toBeCloseTo((a + d) / 2 + radius, 13);
    expect(values[1]).toBeCloseTo((a + d) / 2 - radius, 13);
  });

  test("columns that are clear already, and a zero subdiagonal", () => {
    const square: Square = {
      n: 4,
      re: Float64Array.of(2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
      im: Float64Array.of(0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0),
    };
    const golden = Math.sqrt(5) / 2;
    expect(Array.from(hermitianEigenvalues(square))).toEqual(
      [1.5 + golden, 1, 1, 1.5 - golden].map((value) => expect.closeTo(value, 14)),
    );
  });

  // found by the properties of the entropies: the square of the smallest entry is subnormal
  test("entries of very different sizes", () => {
    const tiny = 1.5717277847026288e-162;
    const square: Square = {
      n: 3,
      re: Float64Array.of(0, 0, 0, 0, 4e-11, 0, 0, 0, 1),
      im: Float64Array.of(0, 0, tiny, 0, 0, 6e-6, -tiny, -6e-6, 0),
    };
    const { values } = hermitianEigen(square);
    expect(values[0]).toBeCloseTo(1 + 3.6e-11, 14);
    expect(values[1]).toBeCloseTo(4e-12, 16);
    expect(values[2]).toBeCloseTo(0, 16);
  });

  test("the phase of a subnormal entry is no phase", () => {
    const tiny = 2e-323;
    const square = { n: 2, re: Float64Array.of(0, tiny, tiny, 1), im: Float64Array.of(0, tiny, -tiny, 0) };
    const { values, vectors } = hermitianEigen(square);
    expect(Array.from(values)).toEqual([1, 0]);
    expect([Math.abs(vectors.re[1] ?? 0), Math.abs(vectors.re[2] ?? 0)]).toEqual([1, 1]);
  });

  test("a complex matrix without imaginary entries has the eigenvalues of the real one", () => {
    const re = Float64Array.of(2, 1, 0, 1, 2, 1, 0, 1, 2);
    const real = hermitianEigenvalues({ n: 3, re, im: undefined });
    const complex = hermitianEigenvalues({ n: 3, re, im: new Float64Array(9) });
    complex.forEach((value, i) => {
      expect(value).toBeCloseTo(real[i] ?? 0, 14);
    });
    expect(real[0]).toBeCloseTo(2 + Math.SQRT2, 14);
  });
});
