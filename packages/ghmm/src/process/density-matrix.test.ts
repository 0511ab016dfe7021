import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { adjoint, complexProduct, complexZero } from "../numeric/complex-matrix.ts";
import { InvalidArgumentError, NotNormalizedError } from "../numeric/errors.ts";
import { checkDensity } from "./density-matrix.ts";

const part = fc
  .array(
    fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000),
    { minLength: 9, maxLength: 9 },
  )
  .map((values) => Float64Array.from(values));
const diagonal = (...entries: number[]) => {
  const matrix = complexZero(entries.length);
  entries.forEach((value, i) => {
    matrix.re[i * entries.length + i] = value;
  });
  return matrix;
};

describe("checkDensity", () => {
  test.prop([fc.record({ re: part, im: part })])("accepts A A^dagger of trace one", (a) => {
    const { re, im } = complexProduct(a, adjoint(a, 3), 3);
    const trace = (re[0] ?? 0) + (re[4] ?? 0) + (re[8] ?? 0);
    fc.pre(trace > 1e-3);
    const density = { re: re.map((value) => value / trace), im: im.map((value) => value / trace) };
    expect(() => checkDensity("here", density, 3)).not.toThrow();
  });

  test.prop([part])(
    "a qubit's eigenvalues are (1 - |r|) / 2 and (1 + |r|) / 2, r its Bloch vector",
    ([x = 0, y = 0, z = 0]) => {
      const density = {
        re: Float64Array.of((1 + z) / 2, x / 2, x / 2, (1 - z) / 2),
        im: Float64Array.of(0, -y / 2, y / 2, 0),
      };
      const length = Math.hypot(x, y, z);
      fc.pre(Math.abs(length - 1) > 1e-8);
      const call = () => checkDensity("here", density, 2);
      if (length < 1) expect(call).not.toThrow();
      else
        expect(call).toThrow(`the negative eigenvalues of initial sum to ${((1 - length) / 2).toString().slice(0, 6)}`);
    },
  );

  test("refuses what is no state", () => {
    expect(() => checkDensity("here", diagonal(1.5, -0.5), 2)).toThrow(InvalidArgumentError);
    expect(() => checkDensity("here", diagonal(1.5, -0.5), 2)).toThrow(
      "the negative eigenvalues of initial sum to -0.5",
    );
    expect(() => checkDensity("here", diagonal(0.5, 0.4), 2)).toThrow(NotNormalizedError);
    expect(() => checkDensity("here", diagonal(0.5, 0.4), 2)).toThrow("here: initial has trace 0.9");
    const skew = diagonal(0.5, 0.5);
    skew.im[1] = 0.25;
    expect(() => checkDensity("here", skew, 2)).toThrow("entry [0, 1] of initial differs by 0.25");
    skew.im[2] = -0.25;
    expect(() => checkDensity("here", skew, 2)).not.toThrow();
    skew.im.set([0, 0.75, -0.75, 0]);
    expect(() => checkDensity("here", skew, 2)).toThrow(/the negative eigenvalues of initial sum to -0\.2(5|499999)/);
  });
});
