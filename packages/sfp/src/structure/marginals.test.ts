import { InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { conditionalBelief, marginalBelief, marginals } from "./marginals.ts";
import { jointIndex, tensorStructure } from "./tensor-structure.ts";

const dimension = fc.integer({ min: 1, max: 5 });
const make = alignmentAndCapability;
const law = (size: number) =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: size, maxLength: size }).map((weights) => {
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w) => w / total);
  });

const three = tensorStructure({
  factors: [
    { name: "a", dimension: 2 },
    { name: "b", dimension: 3 },
    { name: "c", dimension: 2, normalizer: [1, 2] },
  ],
});

/** Sum over joint states by three loops: the oracle. */
function sum(belief: ArrayLike<number>, term: (a: number, b: number, c: number) => number): number {
  let total = 0;
  for (let a = 0; a < 2; a++)
    for (let b = 0; b < 3; b++)
      for (let c = 0; c < 2; c++) total += (belief[jointIndex(three, [a, b, c])] ?? 0) * term(a, b, c);
  return total;
}

describe("marginals", () => {
  test("the marginals of a product belief are its factors", () => {
    const products = fc.tuple(dimension, dimension).chain(([dA, dC]) => fc.tuple(law(dA), law(dC)));
    fc.assert(
      fc.property(products, ([a, c]) => {
        const joint = a.flatMap((x) => c.map((y) => x * y));
        const [first, second] = marginals(make(a.length, c.length), joint);
        first.forEach((value, i) => {
          expect(value).toBeCloseTo(a[i] ?? -1, 12);
        });
        second.forEach((value, j) => {
          expect(value).toBeCloseTo(c[j] ?? -1, 12);
        });
      }),
    );
  });

  test("marginals are taken with the factors' normalizers", () => {
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 2, normalizer: [1, 2] },
        { name: "c", dimension: 2, normalizer: [1, 0] },
      ],
    });
    const [first, second] = marginals(structure, [0.2, 5, 0.4, 7]);
    expect(Array.from(first)).toEqual([0.2, 0.4]);
    expect(second[0]).toBeCloseTo(0.2 + 2 * 0.4, 14);
    expect(second[1]).toBeCloseTo(5 + 2 * 7, 14);
  });

  test("of three factors agree with sums over the others", () => {
    fc.assert(
      fc.property(law(12), (belief) => {
        const [a, b, c] = marginals(three, belief);
        for (let i = 0; i < 2; i++)
          expect(a[i]).toBeCloseTo(
            sum(belief, (x, _, z) => (x === i ? z + 1 : 0)),
            12,
          );
        for (let i = 0; i < 3; i++)
          expect(b[i]).toBeCloseTo(
            sum(belief, (_, y, z) => (y === i ? z + 1 : 0)),
            12,
          );
        for (let i = 0; i < 2; i++)
          expect(c?.[i]).toBeCloseTo(
            sum(belief, (_, __, z) => (z === i ? 1 : 0)),
            12,
          );
      }),
    );
  });

  test("refuses beliefs of another length and numbers that are not finite", () => {
    expect(() => marginals(make(1, 2), [1, Number.NaN])).toThrow("marginals: belief[1] is NaN");
    expect(() => marginals(make(2, 3), [1])).toThrow("marginals: belief has 1 entries. Give 6 entries.");
  });
});

describe("marginalBelief", () => {
  test("keeps the named factors in the order of the structure", () => {
    fc.assert(
      fc.property(law(12), (belief) => {
        const kept = marginalBelief(three, belief, ["c", "a"]);
        for (let a = 0; a < 2; a++)
          for (let c = 0; c < 2; c++)
            expect(kept[2 * a + c]).toBeCloseTo(
              sum(belief, (x, _, z) => (x === a && z === c ? 1 : 0)),
              12,
            );
      }),
    );
  });

  test("of all factors is the belief, of none its norm", () => {
    const belief = Float64Array.from({ length: 12 }, (_, s) => s + 1);
    expect(marginalBelief(three, belief, ["a", "b", "c"])).toEqual(belief);
    expect(marginalBelief(three, belief, [])[0]).toBe(sum(belief, (_, __, z) => z + 1));
    expect(() => marginalBelief(three, belief, ["d"])).toThrow('no factor called "d"');
  });
});

describe("conditionalBelief", () => {
  test("weights times conditionals make the joint belief again", () => {
    fc.assert(
      fc.property(law(12), (belief) => {
        const [, b] = marginals(three, belief);
        for (let y = 0; y < 3; y++) {
          const given = conditionalBelief(three, belief, { b: y });
          for (let a = 0; a < 2; a++)
            for (let c = 0; c < 2; c++)
              expect((b[y] ?? 0) * (given[2 * a + c] ?? 0)).toBeCloseTo(belief[jointIndex(three, [a, y, c])] ?? 0, 12);
        }
      }),
    );
  });

  test("refuses states without weight, unknown factors and all factors at once", () => {
    const structure = make(2, 2);
    expect(() => conditionalBelief(structure, [1, 0, 0, 0], { alignment: 1 })).toThrow("has weight 0 in the belief");
    expect(() => conditionalBelief(structure, [1, 0, 0, 0], { persona: 1 })).toThrow('"alignment", "capability"');
    expect(() => conditionalBelief(structure, [1, 0, 0, 0], { alignment: 2 })).toThrow(InvalidArgumentError);
    expect(() => conditionalBelief(structure, [1, 0, 0, 0], { alignment: 0, capability: 0 })).toThrow("every factor");
  });
});
