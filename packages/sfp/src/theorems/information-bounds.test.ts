import { describe, expect, test } from "vitest";
import { staticLabels } from "../families/static-labels.ts";
import { informationBounds } from "./information-bounds.ts";

const entropyOf = (p: number) => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);

describe("informationBounds (T20)", () => {
  test("perfect correlation makes every bound an equality", () => {
    const instance = { belief: [0.5, 0, 0, 0, 0.25, 0, 0, 0, 0.25], dimensions: [3, 3] } as const;
    expect(informationBounds.residual(instance)).toBeLessThan(1e-14);
  });

  test("the belief as amplitudes falls short of I by H2(.01) - H2(1e-4 / .9802)", () => {
    const [amplitude] = informationBounds.counterexamples;
    const expected = entropyOf(0.01) - entropyOf(1e-4 / (0.99 ** 2 + 1e-4));
    expect(amplitude === undefined ? 0 : informationBounds.residual(amplitude.instance)).toBeCloseTo(expected, 12);
  });

  test("applies to non-negative starts over two factors", () => {
    const factors = [
      { name: "alignment", dimension: 2 },
      { name: "capability", dimension: 2 },
    ];
    const instance = informationBounds.instanceOf({ process: staticLabels({ alpha: 0.5 }), factors });
    expect(instance === undefined ? 1 : informationBounds.residual(instance)).toBeLessThan(1e-13);
    const signed = { ...staticLabels(), initial: Float64Array.of(1.5, -0.5, 0, 0) };
    expect(informationBounds.instanceOf({ process: signed, factors })).toBeUndefined();
    expect(informationBounds.instanceOf({ process: staticLabels() })).toBeUndefined();
  });
});
