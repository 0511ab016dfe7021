import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { pageEntropy } from "./page-entropy.ts";

describe("pageEntropy", () => {
  test("closed forms: 0 for a factor of dimension 1, 1/3 nat for two qubits", () => {
    expect(pageEntropy(1, 7)).toBe(0);
    expect(pageEntropy(2, 2, { unit: "nats" })).toBeCloseTo(1 / 3, 14);
    expect(pageEntropy(2, 2)).toBeCloseTo(1 / 3 / Math.LN2, 14);
    // m = 2, n = 3: 1/4 + 1/5 + 1/6 - 1/6
    expect(pageEntropy(2, 3, { unit: "nats" })).toBeCloseTo(0.45, 14);
  });

  test("rises towards log m with the other dimension, by about (m - 1 / m) / (2 n)", () => {
    for (const n of [4, 16, 64, 1024]) {
      expect(pageEntropy(4, n, { unit: "nats" })).toBeLessThan(Math.log(4));
      expect(Math.log(4) - pageEntropy(4, n, { unit: "nats" })).toBeCloseTo(15 / (8 * n), 1);
    }
    expect(Math.log(4) - pageEntropy(4, 1024, { unit: "nats" })).toBeCloseTo(15 / 8192, 5);
  });

  test("bad input", () => {
    expect(() => pageEntropy(0, 2)).toThrow(InvalidArgumentError);
    expect(() => pageEntropy(2.5, 2)).toThrow("dA is 2.5");
    expect(() => pageEntropy(2, Number.NaN)).toThrow("dC is NaN");
    expect(() => pageEntropy(2 ** 20, 2 ** 20)).toThrow("dA * dC is");
    expect(() => pageEntropy(2, 2, { unit: "bans" as "bits" })).toThrow("unit is bans");
  });
});
