import { test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { binaryEntropy, entropyBits } from "../_testing/words.ts";
import { complexKronecker, density, rotated, unitary } from "./_testing/states.ts";
import { quantumDiscord } from "./discord.ts";
import { pureDensity } from "./embeddings.ts";
import { quantumMutualInformation } from "./mutual-information.ts";

/** `(I + sum_k c_k sigma_k (x) sigma_k) / 4`. */
function bellDiagonal([x, y, z]: readonly [number, number, number]): Float64Array {
  const [inner, outer] = [(x + y) / 4, (x - y) / 4];
  const [even, odd] = [(1 + z) / 4, (1 - z) / 4];
  return Float64Array.of(even, 0, 0, outer, 0, odd, inner, 0, 0, inner, odd, 0, outer, 0, 0, even);
}

describe("quantumDiscord", () => {
  // Luo, Phys. Rev. A 77, 042303 (2008): the best measurement is along the largest |c|, classical part 1 - H2((1 + |c|) / 2)
  test.each([[[0.5, 0.3, -0.2]], [[-0.2, 0.6, 0.1]], [[0.1, 0.1, 0.7]], [[-0.5, -0.5, -0.5]]] as const)(
    "of Bell-diagonal states, closed form: %j",
    (c) => {
      const rho = bellDiagonal(c);
      const [x, y, z] = c;
      const weights = [1 - x - y - z, 1 - x + y + z, 1 + x - y + z, 1 + x + y - z].map((value) => value / 4);
      const information = 2 - entropyBits(weights);
      const classical = 1 - binaryEntropy((1 + Math.max(...c.map(Math.abs))) / 2);
      expect(quantumDiscord(rho)).toBeCloseTo(information - classical, 9);
      expect(quantumDiscord(rho, { unit: "nats" })).toBeCloseTo((information - classical) * Math.LN2, 9);
    },
  );

  test.prop([density(4), unitary(2), unitary(2)], { numRuns: 6 })(
    "lies between 0 and the mutual information, and local unitaries keep it",
    (rho, u, v) => {
      const found = quantumDiscord(rho);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(quantumMutualInformation(rho, [2, 2]) + 1e-9);
      expect(quantumDiscord(rotated(rho, complexKronecker(u, 2, v, 2), 4))).toBeCloseTo(found, 6);
    },
  );

  test("a mixture of products with states of the second factor that overlap has some, though it is separable", () => {
    const place = (a: number, psi: readonly number[]) =>
      pureDensity([...(a === 0 ? psi : [0, 0]), ...(a === 1 ? psi : [0, 0])]);
    const [first, second] = [place(0, [1, 0]), place(1, [Math.SQRT1_2, Math.SQRT1_2])];
    const rho = first.map((value, at) => (value + (second[at] ?? 0)) / 2);
    expect(quantumDiscord(rho)).toBeGreaterThan(0.1);
  });

  test("a first factor of dimension 3", () => {
    const pure = pureDensity([0.6, 0, 0, 0, 0, 0.8]);
    expect(quantumDiscord(pure)).toBeCloseTo(binaryEntropy(0.36), 9);
  });

  test("bad input", () => {
    expect(() => quantumDiscord([1 / 3, 0, 0, 0, 1 / 3, 0, 0, 0, 1 / 3])).toThrow(ShapeError);
    expect(() => quantumDiscord([1, 0, 0, 1])).toThrow("rho has trace 2");
    expect(() => quantumDiscord([1, 0, 0, 0], { unit: "bans" as "bits" })).toThrow("unit is bans");
  });
});
