import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { mrName } from "./mr-name.ts";

describe("mrName", () => {
  test("operators", () => {
    expect(entries(mrName({ p: 0.25, q: 0.5 }))).toEqual({
      "name: 0->3": 1,
      "Something: 3->1": 0.5,
      "Blah: 3->2": 0.5,
      "Mr.: 1->0": 0.5,
      "Mr.: 2->0": 0.5,
      "Blah: 1->2": 0.25,
      "Something: 2->1": 0.25,
      "Something: 1->1": 0.25,
      "Blah: 2->2": 0.25,
    });
  });

  test("golden 5: stationary (1, 2, 2, 1) / 6", () => {
    [1, 2, 2, 1].forEach((weight, s) => {
      expect(mrName({ p: 0.4, q: 0.25 }).initial[s]).toBeCloseTo(weight / 6, 15);
    });
  });

  test.prop([fc.double({ min: 0.1, max: 0.4, noNaN: true }), fc.double({ min: 0.1, max: 0.4, noNaN: true })])(
    "the state is the last token",
    (p, q) => {
      for (const token of [0, 1, 2, 3]) {
        expect(beliefState(mrName({ p, q }), [token])[token]).toBeCloseTo(1, 15);
      }
    },
  );

  test("p and q share one row, up to rounding", () => {
    expect(() => mrName({ p: 0.75, q: 0.5 })).toThrow(InvalidArgumentError);
    expect(() => mrName({ p: 0.75, q: 0.5 })).toThrow(
      "mrName: p + q is 1.25. Give p and q from 0 to 1 with p + q at most 1.",
    );
    for (let tenths = 0; tenths <= 10; tenths++) {
      expect(() => mrName({ p: tenths / 10, q: 1 - tenths / 10 })).not.toThrow();
    }
  });
});
