import { singularValueDecomposition } from "@semifactor/ghmm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { affineDimension } from "./affine-dimension.ts";

test("a point, a line, a plane that misses the origin", () => {
  expect(affineDimension([[3, 1]])).toBe(0);
  expect(
    affineDimension([
      [3, 1],
      [3, 1],
    ]),
  ).toBe(0);
  expect(
    affineDimension([
      [1, 1],
      [2, 2],
      [5, 5],
    ]),
  ).toBe(1);
  expect(
    affineDimension([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.2, 0.3, 0.5],
    ]),
  ).toBe(2);
});

test("is the rank of the differences", () => {
  const coordinate = fc.integer({ min: -2, max: 2 });
  const points = fc.array(fc.array(coordinate, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(points, (drawn) => {
      const differences = drawn.slice(1).map((point) => point.map((value, i) => value - (drawn[0]?.[i] ?? 0)));
      const { values } = singularValueDecomposition(differences.flat(), [differences.length, 3]);
      expect(affineDimension(drawn)).toBe(values.filter((value) => value > 1e-9).length);
    }),
  );
});

test("points that differ by rounding are one point", () => {
  const third = 1 / 3;
  expect(
    affineDimension([
      [third, third],
      [third + 1e-16, third],
      [third, third - 1e-16],
    ]),
  ).toBe(0);
});

test("tolerance is relative to the largest distance from the first point", () => {
  const thin = [
    [0, 0],
    [1e6, 0],
    [0, 1],
  ];
  expect(affineDimension(thin)).toBe(2);
  expect(affineDimension(thin, 1e-3)).toBe(1);
});
