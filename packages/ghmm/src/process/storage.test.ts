import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { chooseStorage, denseStorage, sparseStorage } from "./storage.ts";

/** Operators with about half of their entries zero, and a vector. */
const instance = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 })).chain(([d, tokens]) => {
  const entry = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }));
  const operator = fc.array(entry, { minLength: d * d, maxLength: d * d }).map((values) => Float64Array.from(values));
  return fc.record({
    d: fc.constant(d),
    operators: fc.array(operator, { minLength: tokens, maxLength: tokens }),
    belief: fc.array(entry, { minLength: d, maxLength: d }),
  });
});

describe("operator storage", () => {
  test.prop([instance])("dense and sparse do the same", ({ d, operators, belief }) => {
    const [dense, sparse] = [denseStorage(operators, d), sparseStorage(operators, d)];
    operators.forEach((operator, token) => {
      const expected = Float64Array.from({ length: d }, (_, j) =>
        belief.reduce((sum, weight, i) => sum + weight * (operator[i * d + j] ?? 0), 0),
      );
      for (const storage of [dense, sparse]) {
        const out = new Float64Array(d).fill(5);
        storage.apply(belief, token, out);
        out.forEach((value, j) => {
          expect(value).toBeCloseTo(expected[j] ?? Number.NaN, 12);
        });
        storage.operator(token).forEach((value, i) => {
          expect(value + 0).toBe((operator[i] ?? 0) + 0);
        });
      }
    });
  });

  test("a quarter of the entries or fewer is sparse", () => {
    const quarter = Float64Array.of(1, 0, 0, 0);
    expect(chooseStorage([quarter, quarter], 2).kind).toBe("sparse");
    expect(chooseStorage([quarter, Float64Array.of(0, 1, 1, 0)], 2).kind).toBe("dense");
  });

  test("what is handed out or handed in is not shared", () => {
    const operator = Float64Array.of(1, 2, 3, 4);
    for (const storage of [denseStorage([operator], 2), sparseStorage([operator], 2)]) {
      storage.operator(0).fill(0);
      expect(Array.from(storage.operator(0))).toEqual([1, 2, 3, 4]);
    }
    const dense = denseStorage([operator], 2);
    operator.fill(0);
    expect(Array.from(dense.operator(0))).toEqual([1, 2, 3, 4]);
  });
});
