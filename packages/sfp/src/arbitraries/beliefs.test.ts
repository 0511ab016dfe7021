import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count } from "./_testing/count.ts";
import { jointBelief, productBelief, stochasticMatrix } from "./beliefs.ts";

describe("beliefs", () => {
  test("sum to one; with zeros, with signs, as products", () => {
    fc.assert(
      fc.property(fc.oneof(jointBelief(), jointBelief({ signed: true }), productBelief()), ({ belief, dimensions }) => {
        expect(belief.length).toBe(dimensions[0] * dimensions[1]);
        expect(belief.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      }),
    );
    expect(count(jointBelief(), ({ belief }) => belief.includes(0))).toBeGreaterThan(20);
    expect(count(jointBelief({ signed: true }), ({ belief }) => belief.some((p) => p < 0))).toBeGreaterThan(20);
    expect(count(jointBelief(), ({ belief }) => belief.some((p) => p < 0))).toBe(0);
  });

  test("rows of stochastic matrices are laws", () => {
    fc.assert(
      fc.property(stochasticMatrix(3, 4), (matrix) => {
        for (let i = 0; i < 3; i++) {
          expect(matrix.slice(4 * i, 4 * i + 4).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
  });
});
