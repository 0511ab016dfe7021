import { expect, test } from "vitest";
import { InvalidArgumentError, ShapeError } from "./errors.ts";
import { checkMatrix } from "./matrix-check.ts";

const named = { source: "f", remedy: "Pass another" };

test("returns the largest absolute entry", () => {
  expect(checkMatrix([1, -3, 2, 0, 0, 0], 2, 3, named)).toBe(3);
  expect(checkMatrix(new Float64Array(4), 2, 2, named)).toBe(0);
});

test.each([
  [[], 0, 0],
  [[1, 2, 3], 2, 2],
  [[1, 2, 3], 1.5, 2],
  [[1], -1, -1],
  [[1], Number.NaN, 1],
])("refuses %j as [%s, %s]", (matrix, rows, columns) => {
  expect(() => checkMatrix(matrix, rows, columns, named)).toThrow(ShapeError);
  expect(() => checkMatrix(matrix, rows, columns, named)).toThrow(
    `f: ${matrix.length} entries for shape [${rows}, ${columns}]. Pass another.`,
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("names the entry that is %s", (bad) => {
  expect(() => checkMatrix([0, 0, 0, 0, 0, bad], 2, 3, named)).toThrow(InvalidArgumentError);
  expect(() => checkMatrix([0, 0, 0, 0, 0, bad], 2, 3, { ...named, name: "b" })).toThrow(`entry [1, 2] of b is ${bad}`);
});

test("a hole is not a number", () => {
  const matrix = [1, 2, 3, 4];
  delete matrix[2];
  expect(() => checkMatrix(matrix, 2, 2, named)).toThrow("entry [1, 0] is NaN");
});
