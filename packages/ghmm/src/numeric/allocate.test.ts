import { expect, test } from "vitest";
import { allocate } from "./allocate.ts";
import { UnsupportedError } from "./errors.ts";

test("allocate gives zeros of the asked type", () => {
  expect(allocate("f", Int32Array, 3)).toEqual(Int32Array.of(0, 0, 0));
});

test.each([2 ** 53, 2 ** 60, Number.POSITIVE_INFINITY])("allocate refuses %d numbers by name", (length) => {
  expect(() => allocate("f", Float64Array, length)).toThrow(UnsupportedError);
  expect(() => allocate("f", Float64Array, length)).toThrow(
    `f: an array of ${length} numbers does not fit into memory. Ask for less at a time.`,
  );
});

test("allocate passes on errors of another kind", () => {
  class Broken {
    constructor() {
      throw new TypeError("no");
    }
  }
  expect(() => allocate("f", Broken, 1)).toThrow(TypeError);
});
