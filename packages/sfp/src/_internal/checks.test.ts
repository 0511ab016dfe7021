import { NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkChoice, checkFinite, checkInteger, checkLaw, checkLength, checkRange, checkRanges } from "./checks.ts";

describe("checks", () => {
  test("ranges are closed, and integers are the whole numbers of a range", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -5, max: 5 })), (value) => {
        const inside = value >= -2 && value <= 3;
        const range = () => checkRange("f", "x", value, -2, 3);
        const integer = () => checkInteger("f", "x", value, -2, 3);
        if (inside) expect(range).not.toThrow();
        else expect(range).toThrow(`f: x is ${value}. Give a number from -2 to 3.`);
        if (inside && Number.isInteger(value)) expect(integer).not.toThrow();
        else expect(integer).toThrow(`f: x is ${value}. Give an integer from -2 to 3.`);
      }),
    );
  });

  test("lengths and choices are refused with what would do", () => {
    expect(() => checkLength("f", "rates", [1, 2], 2)).not.toThrow();
    expect(() => checkLength("f", "rates", [1, 2], 3)).toThrow(ShapeError);
    expect(() => checkLength("f", "rates", [1, 2], 3)).toThrow("f: rates has 2 entries. Give 3 entries.");
    expect(() => checkLength("f", "rows[1]", undefined, 3)).toThrow("f: rows[1] is undefined. Give 3 entries.");
    expect(() => checkLength("f", "belief", JSON.parse("null"), 3)).toThrow("f: belief is null. Give 3 entries.");
    expect(() => checkLength("f", "belief", JSON.parse("{}"), 3)).toThrow("f: belief is {}. Give 3 entries.");
    expect(() => checkChoice("f", "code", "pairs", ["direct", "pairs"])).not.toThrow();
    expect(() => checkChoice("f", "code", "pair", ["direct", "pairs"])).toThrow(
      'f: code is "pair". Give one of "direct", "pairs".',
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%s is not finite", (value) => {
    expect(() => checkFinite("f", "values", [0, value])).toThrow(`f: values[1] is ${value}`);
    expect(() => checkFinite("f", "values", [Number.MAX_VALUE, -Number.MAX_VALUE])).not.toThrow();
  });

  test("every entry of a list is looked at, holes too", () => {
    const list = [0.25, 0.5];
    expect(() => checkRanges("f", "list", list, 0, 0.5)).not.toThrow();
    list[3] = 0.5;
    expect(() => checkRanges("f", "list", list, 0, 0.5)).toThrow("f: list[2] is NaN. Give a number from 0 to 0.5.");
    expect(() => checkRanges("f", "list", Float64Array.of(0, 1), 0, 0.5)).toThrow("f: list[1] is 1.");
  });

  test("a law has no negative weight and sums to one within 1e-9", () => {
    expect(() => checkLaw("f", "law", [0.25, 0.75 + 5e-10])).not.toThrow();
    expect(() => checkLaw("f", "law", [0.25, 0.75 + 5e-9])).toThrow(NotNormalizedError);
    expect(() => checkLaw("f", "law", [0.25, 0.5])).toThrow("f: law sums to 0.75");
    expect(() => checkLaw("f", "law", [1.5, -0.5])).toThrow("f: law[0] is 1.5");
    expect(() => checkLaw("f", "law", [0.5, -0.5, 1])).toThrow("f: law[1] is -0.5");
    expect(() => checkLaw("f", "law", [])).toThrow("f: law sums to 0");
  });
});
