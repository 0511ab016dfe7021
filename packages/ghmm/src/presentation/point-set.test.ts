import { describe, expect, test } from "vitest";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { countPoints } from "./point-set.ts";

describe("countPoints", () => {
  test("counts rows", () => {
    expect(countPoints("f", { points: [1, 2, 3, 4, 5, 6], dimension: 3 })).toBe(2);
    expect(countPoints("f", { points: new Float64Array(4), dimension: 1 })).toBe(4);
  });

  test.each([
    [[], 1],
    [[1, 2, 3], 2],
    [[1, 2], 0],
    [[1, 2], -1],
    [[1, 2], 1.5],
    [[1, 2], Number.NaN],
  ])("refuses %j in dimension %d", (points, dimension) => {
    expect(() => countPoints("f", { points, dimension })).toThrow(ShapeError);
    expect(() => countPoints("f", { points, dimension })).toThrow(
      `f: ${points.length} numbers are no points of dimension`,
    );
  });

  test("names the first coordinate that is not finite, and sizes whose squares are no numbers", () => {
    expect(() => countPoints("f", { points: [0, 1, Number.NaN, 2], dimension: 2 })).toThrow(InvalidArgumentError);
    expect(() => countPoints("f", { points: [0, 1, Number.NaN, 2], dimension: 2 })).toThrow(
      "coordinate 0 of point 1 is NaN",
    );
    expect(() => countPoints("f", { points: [1e200], dimension: 1 })).toThrow(
      "the largest coordinate is 1e+200 in size",
    );
    expect(() => countPoints("f", { points: [1e-200], dimension: 1 })).toThrow(InvalidArgumentError);
  });
});
