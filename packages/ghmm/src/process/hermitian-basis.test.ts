import { describe, expect, test } from "vitest";
import { adjoint, realTraceOfProduct } from "../numeric/complex-matrix.ts";
import { hermitianBasis } from "./hermitian-basis.ts";

describe("hermitianBasis", () => {
  test.each([1, 2, 3, 4])("n = %i: Hermitian, orthogonal, of length sqrt(n), and as many as there are", (n) => {
    const basis = hermitianBasis(n);
    expect(basis).toHaveLength(n * n);
    basis.forEach((a, i) => {
      // + 0 makes a negative zero positive
      expect(adjoint(a, n).im.map((value) => value + 0)).toEqual(a.im);
      expect(adjoint(a, n).re).toEqual(a.re);
      basis.forEach((b, j) => {
        expect(realTraceOfProduct(a, b, n)).toBeCloseTo(i === j ? n : 0, 14);
      });
    });
  });

  test("n = 2: the Pauli matrices", () => {
    expect(hermitianBasis(2).map(({ re, im }) => [Array.from(re), Array.from(im)])).toEqual([
      [
        [1, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      [
        [0, 1, 1, 0],
        [0, 0, 0, 0],
      ],
      [
        [0, 0, 0, 0],
        [0, -1, 1, 0],
      ],
      [
        [1, 0, 0, -1],
        [0, 0, 0, 0],
      ],
    ]);
  });
});
