import { expect, test } from "vitest";
import { clipped, spectrumEntropy } from "./spectrum-entropy.ts";

test("eigenvalues at or below the clip are left out", () => {
  const values = Float64Array.of(0.5, 1e-3, 1e-14, 0, -1e-12);
  expect(Array.from(clipped("f", values, {}))).toEqual([0.5, 1e-3]);
  expect(Array.from(clipped("f", values, { clip: 1e-2 }))).toEqual([0.5]);
  expect(Array.from(clipped("f", values, { clip: 0 }))).toEqual([0.5, 1e-3, 1e-14]);
  expect(() => clipped("f", values, { clip: Number.NaN })).toThrow("clip is NaN");
});

test("entropy in bits and nats, never below zero", () => {
  expect(spectrumEntropy("f", Float64Array.of(0.25, 0.25, 0.25, 0.25), {})).toBe(2);
  expect(spectrumEntropy("f", Float64Array.of(0.5, 0.5), { unit: "nats" })).toBeCloseTo(Math.LN2, 15);
  expect(spectrumEntropy("f", Float64Array.of(1 + 1e-15, -1e-15), {})).toBe(0);
  expect(() => spectrumEntropy("f", Float64Array.of(1), { unit: "bans" as "bits" })).toThrow("unit is bans");
});
