import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { checkOperator } from "./check-operator.ts";

test("checkOperator: square of the product of the dimensions, finite entries", () => {
  expect(() => checkOperator("f", new Float64Array(36), [2, 3])).not.toThrow();
  expect(() => checkOperator("f", new Float64Array(36), [2, 2])).toThrow(ShapeError);
  expect(() => checkOperator("f", new Float64Array(36), [2, 2])).toThrow(
    "f: operator has 36 entries for dimensions [2, 2]",
  );
  expect(() => checkOperator("f", [Number.NaN], [1, 1])).toThrow(InvalidArgumentError);
  expect(() => checkOperator("f", JSON.parse("null"), [1, 1])).toThrow("f: operator is null");
  expect(() => checkOperator("f", [1], JSON.parse("null"))).toThrow("f: dimensions is null");
  expect(() => checkOperator("f", [1], JSON.parse("[1, 1, 1]"))).toThrow("f: dimensions has 3 entries");
  expect(() => checkOperator("f", [1], [1.5, 1])).toThrow("dimensions[0] is 1.5");
});
