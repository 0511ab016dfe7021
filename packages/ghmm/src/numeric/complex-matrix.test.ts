import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { adjoint, type ComplexSquare, complexProduct, realTraceOfProduct } from "./complex-matrix.ts";
import { multiply } from "./matrix.ts";

const part = fc
  .array(
    fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000),
    { minLength: 9, maxLength: 9 },
  )
  .map((values) => Float64Array.from(values));
const square: fc.Arbitrary<ComplexSquare> = fc.record({ re: part, im: part });

/** The real matrix `[[re, -im], [im, re]]` of the same map, `[6, 6]`. */
const asReal = ({ re, im }: ComplexSquare): Float64Array =>
  Float64Array.from({ length: 36 }, (_, at) => {
    const [i, j] = [Math.floor(at / 6), at % 6];
    const entry = (i % 3) * 3 + (j % 3);
    if (i < 3 === j < 3) return re[entry] ?? 0;
    return (i < 3 ? -1 : 1) * (im[entry] ?? 0);
  });

describe("complex matrices", () => {
  test.prop([square, square])("multiply like the real matrices of the same maps", (a, b) => {
    const expected = multiply(asReal(a), asReal(b), 6);
    asReal(complexProduct(a, b, 3)).forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 14);
    });
  });

  test.prop([square, square])("the adjoint of a product is the product of the adjoints, turned round", (a, b) => {
    const [left, right] = [adjoint(complexProduct(a, b, 3), 3), complexProduct(adjoint(b, 3), adjoint(a, 3), 3)];
    asReal(left).forEach((value, at) => {
      expect(value).toBeCloseTo(asReal(right)[at] ?? Number.NaN, 14);
    });
    expect(adjoint(adjoint(a, 3), 3)).toEqual(a);
  });

  test.prop([square, square])("realTraceOfProduct", (a, b) => {
    const { re } = complexProduct(a, b, 3);
    expect(realTraceOfProduct(a, b, 3)).toBeCloseTo((re[0] ?? 0) + (re[4] ?? 0) + (re[8] ?? 0), 13);
  });
});
