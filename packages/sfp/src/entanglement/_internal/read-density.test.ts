import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { density, hermitian } from "../_testing/states.ts";
import { vonNeumannEntropy } from "../entropies.ts";
import { hermitianEigenvalues } from "./hermitian-eigen.ts";
import {
  checkDimensions,
  readBelief,
  readDensity,
  readDensityOfFactors,
  readProbabilities,
  readSquareMatrix,
} from "./read-density.ts";

describe("readDensity", () => {
  test.prop([fc.integer({ min: 1, max: 4 }).chain(density)], { numRuns: 60 })("takes density matrices", (rho) => {
    const square = readDensity("f", rho);
    expect([square.re, square.im]).toEqual([rho.re, rho.im]);
    expect(square.re).not.toBe(rho.re);
  });

  test.prop([hermitian(3)], { numRuns: 60 })("refuses exactly what has a negative eigenvalue", ({ n, re, im }) => {
    const trace = (re[0] ?? 0) + (re[4] ?? 0) + (re[8] ?? 0);
    fc.pre(trace > 0.1);
    const rho = { re: re.map((x) => x / trace), im: (im ?? re).map((y) => y / trace) };
    const smallest = hermitianEigenvalues({ n, ...rho })[2] ?? 0;
    fc.pre(Math.abs(smallest) > 1e-8);
    if (smallest > 0) expect(readDensity("f", rho).n).toBe(3);
    else expect(() => readDensity("f", rho)).toThrow(`rho has the eigenvalue ${smallest}`);
  });

  test("tolerances: the trace, symmetry and sign that count as rounding", () => {
    expect(readDensity("f", [1 + 1e-10, 0, 0, -1e-10]).n).toBe(2);
    expect(() => readDensity("f", [1 + 1e-8, 0, 0, -1e-8])).toThrow("rho has the eigenvalue -1e-8");
    expect(readDensity("f", [1 + 1e-8, 0, 0, -1e-8], { tolerance: 1e-7 }).n).toBe(2);
    expect(() => readDensity("f", [1 + 1e-8])).toThrow(NotNormalizedError);
    expect(() => readDensity("f", [0.5, 1e-8, 0, 0.5])).toThrow("rho[1, 0] differs by 1e-8");
    expect(() => readDensity("f", { re: [1], im: [0.1] })).toThrow("rho[0, 0] differs by 0.2");
    expect(() => readDensity("f", [1], { tolerance: 0 })).toThrow("tolerance is 0");
    expect(readDensity("f", [2], { anyTrace: true }).n).toBe(1);
    expect(() => readDensity("f", [3], { name: "sigma" })).toThrow("f: sigma has trace 3");
  });

  test("what is behind the check is exactly Hermitian, so that rounding it lets pass does no harm", () => {
    const n = 64;
    const rho = Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 / n : 0));
    rho[1] = 9e-10; // small beside the tolerance and not beside the entries
    const { re } = readDensity("test", rho);
    expect([re[1], re[n]]).toEqual([4.5e-10, 4.5e-10]);
    expect(vonNeumannEntropy(rho)).toBeCloseTo(6, 12);
    expect(vonNeumannEntropy([0.5, 1e-6, 0, 0.5], { tolerance: 1e-5 })).toBeCloseTo(1, 10);
    const complex = readDensity("test", { re: [0.5, 0, 0, 0.5], im: [4e-10, 0.2, -0.2 + 6e-10, 0] });
    expect(Array.from(complex.im ?? [])).toEqual([0, 0.2 - 3e-10, -0.2 + 3e-10, 0].map((x) => expect.closeTo(x, 15)));
  });

  test("any trace: positive, with rounding relative to it", () => {
    const scaled = (t: number) => readDensity("test", [t, 0, 0, -1e-12 * t], { anyTrace: true }).re[0];
    for (const t of [1e-300, 1e-12, 1, 1e12, 1e300]) {
      expect(scaled(t)).toBe(t);
      expect(() => readDensity("test", [t, 0, 0, -0.5 * t], { anyTrace: true })).toThrow("rho has the eigenvalue");
    }
    expect(() => readDensity("test", [0, 0, 0, 0], { anyTrace: true })).toThrow("rho has trace 0");
    expect(() => readDensity("test", [-1, 0, 0, 0], { anyTrace: true })).toThrow(NotNormalizedError);
  });

  test("what is no matrix at all", () => {
    expect(() => readDensity("f", null as never)).toThrow(ShapeError);
    expect(() => readDensity("f", undefined as never)).toThrow("rho is undefined");
    expect(() => readDensity("f", { re: [1] } as never)).toThrow("rho.im is undefined");
    expect(() => readDensity("f", [[1]] as never)).toThrow(InvalidArgumentError);
    // biome-ignore lint/suspicious/noSparseArray: a hole is not a number
    expect(() => readDensity("f", [1, , 0, 0] as never)).toThrow("rho[0, 1] is NaN");
  });
});

test("dimensions are two positive integers with the right product", () => {
  expect(() => checkDimensions("f", [2, 5], 4)).toThrow("dimensions [2, 5] multiply to 10 and there are 4 states");
  expect(() => checkDimensions("f", [-2, -2], 4)).toThrow("dimensions[0] is -2");
  expect(() => checkDimensions("f", [2, Number.NaN], 4)).toThrow("dimensions[1] is NaN");
  expect(() => checkDimensions("f", undefined as never, 4)).toThrow("dimensions is undefined");
  expect(() => readDensityOfFactors("f", [1, 0, 0, 0], [2, 2])).toThrow(ShapeError);
  expect(() => readBelief("f", [0.5, 0.5], [2, 2])).toThrow(ShapeError);
});

test("probabilities: none negative beyond the clip, sum one", () => {
  expect(Array.from(readProbabilities("f", "p", [1, -1e-13]))).toEqual([1, 0]);
  expect(() => readProbabilities("f", "p", [1, -1e-11])).toThrow("p[1] is -1e-11");
  expect(() => readProbabilities("f", "p", [0.5])).toThrow("p sums to 0.5");
  expect(() => readProbabilities("f", "p", [Number.NaN])).toThrow("p[0] is NaN");
});

test("a square matrix keeps what it was given, real or complex", () => {
  expect(readSquareMatrix("f", "m", [1, 2, 3, 4]).im).toBeUndefined();
  expect(readSquareMatrix("f", "m", { re: [1], im: [2] }).im).toEqual(Float64Array.of(2));
});
