import { describe, expect, test } from "vitest";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { filterBeliefs } from "./filter.ts";
import { checkApart, outputOf } from "./outputs.ts";

describe("outputs", () => {
  test("an array of the right length is taken, others are refused, none is made", () => {
    const own = new Float64Array(3);
    expect(outputOf("f", "weights", own, 3)).toBe(own);
    expect(outputOf("f", "weights", undefined, 3)).toEqual(new Float64Array(3));
    expect(() => outputOf("f", "weights", own, 4)).toThrow(ShapeError);
    expect(() => outputOf("f", "weights", own, 4)).toThrow(
      "f: out.weights has 3 entries. Give a Float64Array of 4 entries",
    );
    // @ts-expect-error no Float64Array
    expect(() => outputOf("f", "weights", [1, 2, 3], 3)).toThrow("out.weights is no Float64Array");
  });

  test("parts of one buffer may lie side by side, and may not overlap", () => {
    const whole = new Float64Array(8);
    const part = (from: number, to: number) => whole.subarray(from, to);
    expect(() => checkApart("f", { a: part(0, 4), b: part(4, 8), c: undefined, d: new Float64Array(4) })).not.toThrow();
    for (const b of [part(3, 8), part(1, 2), part(0, 4)]) {
      expect(() => checkApart("f", { a: part(0, 4), b })).toThrow("f: out.a and out.b overlap");
      expect(() => checkApart("f", { a: b, b: part(0, 4) })).toThrow(InvalidArgumentError);
    }
  });

  test("filterBeliefs does not write one result over another", () => {
    const shared = new Float64Array(9);
    const batch = { tokens: [0, 1], count: 1, length: 2 };
    const out = { beliefs: shared, probabilities: shared.subarray(7) };
    expect(() => filterBeliefs(zeroOneRandom({ p: 0.5 }), batch, { out })).toThrow(
      "filterBeliefs: out.beliefs and out.probabilities overlap",
    );
  });
});
