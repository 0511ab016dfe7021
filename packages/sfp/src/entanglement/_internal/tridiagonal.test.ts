import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hermitian } from "../_testing/states.ts";
import { tridiagonalize } from "./tridiagonal.ts";

describe("tridiagonalize", () => {
  test.prop([fc.integer({ min: 1, max: 6 }).chain(hermitian)], { numRuns: 60 })(
    "Q T Q^dagger is the matrix, T is real and tridiagonal, Q unitary",
    (square) => {
      const { n, re, im } = square;
      const { matrix, back } = tridiagonalize(square);
      const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
      const [q, qt] = [back(identity), back(matrix)];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (Math.abs(i - j) > 1) expect(matrix[i * n + j]).toBe(0);
          expect(matrix[i * n + j]).toBe(matrix[j * n + i]);
          let [real, imaginary, unit] = [0, 0, 0];
          for (let k = 0; k < n; k++) {
            const [a, b] = [qt.re[i * n + k] ?? 0, qt.im[i * n + k] ?? 0];
            const [c, d] = [q.re[j * n + k] ?? 0, q.im[j * n + k] ?? 0];
            real += a * c + b * d;
            imaginary += b * c - a * d;
            unit += (q.re[i * n + k] ?? 0) * c + (q.im[i * n + k] ?? 0) * d;
          }
          expect(real).toBeCloseTo(re[i * n + j] ?? 0, 13);
          expect(imaginary).toBeCloseTo(im?.[i * n + j] ?? 0, 13);
          expect(unit).toBeCloseTo(i === j ? 1 : 0, 13);
        }
      }
    },
  );
});
