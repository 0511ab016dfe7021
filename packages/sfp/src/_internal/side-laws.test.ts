import fc from "fast-check";
import { expect, test } from "vitest";
import { jointBelief, productBelief } from "../arbitraries/beliefs.ts";
import { sideLaws } from "./side-laws.ts";

test("rows and columns are summed", () => {
  const { first, second } = sideLaws([1, 2, 3, 4, 5, 6], [2, 3]);
  expect(Array.from(first)).toEqual([6, 15]);
  expect(Array.from(second)).toEqual([5, 7, 9]);
});

test("both sides sum to what the joint law does, of either sign", () => {
  fc.assert(
    fc.property(jointBelief({ signed: true }), ({ belief, dimensions }) => {
      const { first, second } = sideLaws(belief, dimensions);
      for (const side of [first, second]) expect(side.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }),
  );
});

test("a product is that of its sides", () => {
  fc.assert(
    fc.property(productBelief(), ({ belief, dimensions }) => {
      const { first, second } = sideLaws(belief, dimensions);
      belief.forEach((value, s) => {
        const [a, c] = [Math.floor(s / dimensions[1]), s % dimensions[1]];
        expect((first[a] ?? 0) * (second[c] ?? 0)).toBeCloseTo(value, 12);
      });
    }),
  );
});
