import { expect, test } from "vitest";
import { InvalidArgumentError } from "./errors.ts";
import { checkInteger, checkNumber } from "./options.ts";

test.each([2, 3, 5])("%d is an integer from 2 to 5", (value) => {
  expect(() => checkInteger("f", "n", value, 2, 5)).not.toThrow();
});

test.each([1, 6, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is not", (value) => {
  expect(() => checkInteger("f", "n", value, 2, 5)).toThrow(InvalidArgumentError);
  expect(() => checkInteger("f", "n", value, 2, 5)).toThrow(`f: n is ${value}. Give an integer from 2 to 5.`);
});

test("a number is finite and not too small", () => {
  expect(() => checkNumber("f", "n", 0, 0)).not.toThrow();
  for (const value of [-1e-9, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => checkNumber("f", "n", value, 0)).toThrow(`f: n is ${value}. Give a finite number of at least 0.`);
  }
});

test("a number is not too large either where there is a bound", () => {
  for (const value of [0.5, 0.7, 1]) expect(() => checkNumber("f", "n", value, 0.5, 1)).not.toThrow();
  for (const value of [0.4, 1.1, Number.NaN, Number.NEGATIVE_INFINITY]) {
    expect(() => checkNumber("f", "n", value, 0.5, 1)).toThrow(`f: n is ${value}. Give a number from 0.5 to 1.`);
  }
});
