import { describe, expect, test } from "vitest";
import { factorTokens } from "./kronecker.ts";

describe("factorTokens", () => {
  test("joint tokens are big-endian", () => {
    const out = new Uint32Array(3);
    factorTokens([2, 3, 4], 23, out);
    expect(Array.from(out)).toEqual([1, 2, 3]);
    factorTokens([2, 3, 4], 6, out);
    expect(Array.from(out)).toEqual([0, 1, 2]);
  });
});
