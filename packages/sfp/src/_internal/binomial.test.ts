import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomial } from "./binomial.ts";

const n = fc.integer({ min: 1, max: 50 });

describe("binomial", () => {
  test("Pascal's rule and symmetry, exactly, as long as the values are exact", () => {
    fc.assert(
      fc.property(n, fc.nat(50), (size, raw) => {
        const k = 1 + (raw % size);
        expect(binomial(size, k)).toBe(binomial(size - 1, k - 1) + binomial(size - 1, k));
        expect(binomial(size, k)).toBe(binomial(size, size - k));
      }),
    );
  });

  test("a row sums to 2^n; nothing can be chosen from too few", () => {
    fc.assert(
      fc.property(n, (size) => {
        const row = Array.from({ length: size + 1 }, (_, k) => binomial(size, k));
        expect(row.reduce((sum, value) => sum + value, 0)).toBe(2 ** size);
        expect(binomial(size, size + 1)).toBe(0);
      }),
    );
  });

  test("C(50, 25) = 126410606437752", () => {
    expect(binomial(50, 25)).toBe(126410606437752);
  });
});
