import { expect, test } from "vitest";
import { readAlphabetOption } from "./read-alphabet-option.ts";

test("names are kept, a number is counted, and without either the largest token decides", () => {
  expect(readAlphabetOption("f", [0], ["a", "b"])).toEqual(["a", "b"]);
  expect(readAlphabetOption("f", [0, 5], 2)).toEqual(["0", "1"]);
  expect(readAlphabetOption("f", [0, 2, 1], undefined)).toEqual(["0", "1", "2"]);
  expect(readAlphabetOption("f", [], undefined)).toEqual(["0"]);
});

test("bad sizes are refused", () => {
  expect(() => readAlphabetOption("f", [], 1.5)).toThrow("f: alphabet is 1.5");
  expect(() => readAlphabetOption("f", [2 ** 31], undefined)).toThrow("f: alphabet is 2147483649");
  expect(() => readAlphabetOption("f", [], [])).toThrow("f: alphabet.length is 0");
});

test("what is no list is refused by name", () => {
  expect(() => readAlphabetOption("f", null as never, undefined)).toThrow("f: tokens is null");
  expect(() => readAlphabetOption("f", [0], null as never)).toThrow("f: alphabet is null");
});
