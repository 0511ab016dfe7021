import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPair } from "./block-pair.ts";

describe("readPair", () => {
  test("takes every ordered pair of different blocks with positive weight, however small", () => {
    const weight = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 5 }), fc.nat(4), fc.nat(4), (given, first, second) => {
        const weights = Float64Array.from(given);
        const allowed = first !== second && [first, second].every((beta) => (weights[beta] ?? 0) > 0);
        if (allowed) expect(readPair("test", [first, second], weights)).toEqual([first, second]);
        else expect(() => readPair("test", [first, second], weights)).toThrow(InvalidArgumentError);
      }),
    );
    expect(readPair("test", [1, 0], Float64Array.of(5e-324, 1))).toEqual([1, 0]);
  });

  const weights = Float64Array.of(0.5, 0, 0.5, Number.NaN);
  test.each([
    [[0, 0], "owner: both blocks are 0"],
    [[0, 1], "owner: block 1 has weight 0 at the start"],
    [[3, 0], "owner: block 3 has weight NaN at the start"],
    [[0, 4], "owner: block is 4"],
    [[-1, 0], "owner: block is -1"],
    [[0, 0.5], "owner: block is 0.5"],
    [[Number.NaN, 0], "owner: block is NaN"],
  ] as const)("refuses %j in the name of the caller", (blocks, message) => {
    expect(() => readPair("owner", blocks, weights)).toThrow(InvalidArgumentError);
    expect(() => readPair("owner", blocks, weights)).toThrow(message);
  });

  test("refuses another number of blocks than two", () => {
    for (const blocks of [[0], [0, 2, 0]]) {
      // @ts-expect-error: what only the types rule out
      const read = () => readPair("owner", blocks, weights);
      expect(read).toThrow(ShapeError);
      expect(read).toThrow(`owner: blocks has ${blocks.length} entries`);
    }
  });
});
