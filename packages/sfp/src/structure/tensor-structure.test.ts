import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { factorStates, jointIndex, marginals, tensorStructure } from "./tensor-structure.ts";

const dimension = fc.integer({ min: 1, max: 5 });
const make = (dA: number, dC: number) =>
  tensorStructure({
    factors: [
      { name: "a", dimension: dA },
      { name: "c", dimension: dC },
    ],
  });
const law = (size: number) =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: size, maxLength: size }).map((weights) => {
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w) => w / total);
  });

describe("tensorStructure", () => {
  test("joint index and factor states are inverse to each other, the second factor running fastest", () => {
    fc.assert(
      fc.property(dimension, dimension, (dA, dC) => {
        const structure = make(dA, dC);
        expect(structure.stateDim).toBe(dA * dC);
        for (let s = 0; s < dA * dC; s++) expect(jointIndex(structure, factorStates(structure, s))).toBe(s);
        expect(factorStates(structure, dA * dC - 1)).toEqual([dA - 1, dC - 1]);
      }),
    );
  });

  test("the marginals of a product belief are its factors", () => {
    const products = fc.tuple(dimension, dimension).chain(([dA, dC]) => fc.tuple(law(dA), law(dC)));
    fc.assert(
      fc.property(products, ([a, c]) => {
        const joint = a.flatMap((x) => c.map((y) => x * y));
        const { first, second } = marginals(make(a.length, c.length), joint);
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
    const { first, second } = marginals(structure, [0.2, 5, 0.4, 7]);
    expect(Array.from(first)).toEqual([0.2, 0.4]);
    expect(second[0]).toBeCloseTo(0.2 + 2 * 0.4, 14);
    expect(second[1]).toBeCloseTo(5 + 2 * 7, 14);
  });

  test("does not keep the caller's normalizer", () => {
    const normalizer = [1, 1];
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 2, normalizer },
        { name: "c", dimension: 1 },
      ],
    });
    normalizer[0] = 7;
    expect(structure.factors[0].normalizer[0]).toBe(1);
  });

  test("refuses bad factors, states and beliefs by name", () => {
    const factors = (first: object, second: object) => () =>
      tensorStructure({
        factors: [
          { name: "a", dimension: 2, ...first },
          { name: "c", dimension: 2, ...second },
        ],
      });
    expect(factors({ dimension: 0 }, {})).toThrow("tensorStructure: factors[0].dimension is 0");
    expect(factors({}, { dimension: 1.5 })).toThrow(InvalidArgumentError);
    expect(factors({}, { name: "a" })).toThrow('both factors are called "a"');
    const large = { dimension: 2 ** 11 };
    expect(factors(large, large)).toThrow("the product of the dimensions is 4194304");
    expect(factors({ name: "" }, {})).toThrow("factors[0].name is empty");
    expect(factors({}, { normalizer: [1] })).toThrow(ShapeError);
    expect(factors({}, { normalizer: [1, Number.NaN] })).toThrow("factors[1].normalizer[1] is NaN");
    expect(() => jointIndex(make(2, 3), [2, 0])).toThrow("jointIndex: a is 2");
    expect(() => factorStates(make(2, 3), 6)).toThrow("factorStates: index is 6");
    expect(() => marginals(make(1, 2), [1, Number.NaN])).toThrow("marginals: belief[1] is NaN");
    expect(() => marginals(make(2, 3), [1])).toThrow("marginals: belief has 1 entries. Give 6 entries.");
  });
});
