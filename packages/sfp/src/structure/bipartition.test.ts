import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { bipartition } from "./bipartition.ts";
import { jointIndex, tensorStructure } from "./tensor-structure.ts";

const law = (size: number) =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: size, maxLength: size });

const three = tensorStructure({
  factors: [
    { name: "a", dimension: 2 },
    { name: "b", dimension: 3 },
    { name: "c", dimension: 2 },
  ],
});

describe("bipartition", () => {
  test("puts the named factors first, in the order of the structure", () => {
    const { dimensions, arrange } = bipartition(three, ["b"]);
    expect(dimensions).toEqual([3, 4]);
    const belief = Float64Array.from({ length: 12 }, (_, s) => s);
    const arranged = arrange(belief);
    for (let a = 0; a < 2; a++)
      for (let b = 0; b < 3; b++)
        for (let c = 0; c < 2; c++) expect(arranged[4 * b + 2 * a + c]).toBe(jointIndex(three, [a, b, c]));
    expect(bipartition(alignmentAndCapability(2, 3)).order).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
  });

  test("a product belief is the outer product of its sides, whichever factors are named and in whatever order", () => {
    const laws = fc.record({ a: law(2), b: law(3), c: law(2) });
    fc.assert(
      fc.property(laws, fc.subarray(["a", "b", "c"] as const, { minLength: 1, maxLength: 2 }), (of, first) => {
        const belief = of.a.flatMap((x) => of.b.flatMap((y) => of.c.map((z) => x * y * z)));
        const { dimensions, order, arrange } = bipartition(three, [...first].reverse());
        const side = (isFirst: boolean) =>
          (["a", "b", "c"] as const)
            .filter((name) => first.includes(name) === isFirst)
            .reduce<readonly number[]>((left, name) => left.flatMap((x) => of[name].map((y) => x * y)), [1]);
        const [rows, columns] = [side(true), side(false)];
        expect(dimensions).toEqual([rows.length, columns.length]);
        expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: 12 }, (_, s) => s));
        const arranged = arrange(belief);
        rows.forEach((x, i) => {
          columns.forEach((y, j) => void expect(arranged[i * columns.length + j]).toBeCloseTo(x * y, 14));
        });
      }),
    );
  });

  test("refuses empty sides and factors named twice", () => {
    expect(() => bipartition(three, [])).toThrow("the first side is []");
    expect(() => bipartition(three, ["a", "a"])).toThrow(InvalidArgumentError);
    expect(() => bipartition(three, ["a", "b", "c"])).toThrow("leave at least one");
    expect(() => bipartition(three, ["d"])).toThrow('bipartition: there is no factor called "d"');
    expect(() => bipartition(three).arrange([1])).toThrow(ShapeError);
  });
});
