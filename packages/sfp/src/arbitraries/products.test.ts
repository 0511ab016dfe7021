import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count } from "./_testing/count.ts";
import { chainedProcess, independentProcess } from "./products.ts";

describe("factored arbitraries", () => {
  test("have as many states and tokens as their factors together", () => {
    fc.assert(
      fc.property(fc.oneof(independentProcess(), chainedProcess()), ({ process, structure, tokenSizes: [u, y] }) => {
        expect(process.stateDim).toBe(structure.stateDim);
        expect(process.alphabet.length).toBe(u * y);
      }),
    );
  });

  test("a chain's second factor follows the first one's token", () => {
    expect(count(chainedProcess(), ({ variants }) => variants.length === 2)).toBeGreaterThan(20);
  });
});
