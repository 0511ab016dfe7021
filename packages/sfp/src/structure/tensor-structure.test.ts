import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { factorStates, jointIndex, tensorStructure } from "./tensor-structure.ts";

const dimension = fc.integer({ min: 1, max: 5 });
const make = (dA: number, dC: number) =>
  tensorStructure({
    factors: [
      { name: "a", dimension: dA },
      { name: "c", dimension: dC },
    ],
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

  test("with more factors the last runs fastest, and every index is reached once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), (dimensions) => {
        const [first, ...rest] = dimensions.map((dimension, n) => ({ name: `f${n}`, dimension }));
        const structure = tensorStructure({ factors: [{ name: "lead", dimension: 2 }, first, ...rest] as never });
        expect(structure.stateDim).toBe(dimensions.reduce((product, d) => product * d, 2));
        for (let s = 0; s < structure.stateDim; s++) expect(jointIndex(structure, factorStates(structure, s))).toBe(s);
      }),
    );
    const structure = tensorStructure({
      factors: [
        { name: "a", dimension: 2 },
        { name: "b", dimension: 3 },
        { name: "c", dimension: 4 },
      ],
    });
    expect(factorStates(structure, 23)).toEqual([1, 2, 3]);
    expect(jointIndex(structure, [1, 0, 2])).toBe(14);
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
    expect(factors({}, { name: "a" })).toThrow('two factors are called "a"');
    const large = { dimension: 2 ** 11 };
    expect(factors(large, large)).toThrow("the product of the dimensions is 4194304");
    expect(factors({ name: "" }, {})).toThrow("factors[0].name is empty");
    expect(factors({}, { normalizer: [1] })).toThrow(ShapeError);
    expect(factors({}, { normalizer: [1, Number.NaN] })).toThrow("factors[1].normalizer[1] is NaN");
    expect(() => jointIndex(make(2, 3), [2, 0])).toThrow("jointIndex: a is 2");
    expect(() => factorStates(make(2, 3), 6)).toThrow("factorStates: index is 6");
    expect(() => jointIndex(make(2, 3), [1])).toThrow(ShapeError);
    expect(() => tensorStructure({ factors: [{ name: "a", dimension: 2 }] as never })).toThrow("there are 1 factors");
  });

  test("a factor without a name is not taken for two of the same name", () => {
    // @ts-expect-error names are needed
    const unnamed = () => tensorStructure({ factors: [{ dimension: 2 }, { dimension: 3 }] });
    expect(unnamed).toThrow("factors[0].name is undefined");
  });
});
