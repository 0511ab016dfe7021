import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { word } from "./_testing/keys.ts";
import { inverseNormalCdf } from "./inverse-normal.ts";

describe("inverseNormalCdf", () => {
  // Python's statistics.NormalDist().inv_cdf((k + 0.5) / 2**32).
  test.each([
    [0, -6.337957754553789],
    [1, -6.166429517819749],
    [12345, -4.535422762090429],
    [2 ** 30, -0.6744897498297384],
    [2 ** 31 - 1, -2.9180993729166234e-10],
    [2 ** 31, 2.9180993729166234e-10],
    [3 * 2 ** 30 + 7, 0.6744897556912315],
    [2 ** 32 - 1, 6.337957754553789],
  ])("quantile of draw %i", (bits, expected) => {
    expect(Math.abs(inverseNormalCdf((bits + 0.5) / 2 ** 32) / expected - 1)).toBeLessThan(1e-14);
  });

  test.prop([word])("the quantile is odd about one half", (bits) => {
    const p = (bits + 0.5) / 2 ** 32;
    expect(inverseNormalCdf(1 - p)).toBe(-inverseNormalCdf(p));
  });

  test.prop([word, word])("rises", (a, b) => {
    fc.pre(a !== b);
    const [low, high] = [(Math.min(a, b) + 0.5) / 2 ** 32, (Math.max(a, b) + 0.5) / 2 ** 32];
    expect(inverseNormalCdf(low)).toBeLessThan(inverseNormalCdf(high));
  });

  // Python's statistics.NormalDist().inv_cdf(p): the points that every table of the normal distribution has.
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489],
    [0.001, -3.090232306167814],
  ])("Phi^-1(%d) = %d", (p, x) => {
    expect(inverseNormalCdf(p)).toBeCloseTo(x, 12);
  });

  test("the two rational functions meet at |p - 1/2| = 0.425", () => {
    const [inside, outside] = [inverseNormalCdf(0.925 - 1e-13), inverseNormalCdf(0.925 + 1e-13)];
    // The quantile has slope 1 / phi(1.4395) = 7.07 there.
    expect(Math.abs(outside - inside - 7.065 * 2e-13)).toBeLessThan(5e-15);
  });
});
