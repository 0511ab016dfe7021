import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { schmidtSpectrum } from "./schmidt-spectrum.ts";

const spectrum = (name: string, squares: readonly number[]) => ({ name, coefficients: squares.map(Math.sqrt) });

describe("schmidtSpectrum", () => {
  test("places squares on a logarithmic scale down to the decade below the smallest", () => {
    const svg = schmidtSpectrum([spectrum("a", [0.99, 0.01 - 1e-4, 1e-4])]);
    for (const label of ["1e0", "1e-2", "1e-4"]) expect(svg).toContain(`>${label}</text>`);
    expect(svg).not.toContain(">1e-5</text>");
    // equal steps for equal ratios
    const ys = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, , y]) => Number(y));
    const [, first = 0, second = 0, third = 0] = ys;
    expect((third - second) / (second - first)).toBeCloseTo(
      Math.log10((0.01 - 1e-4) / 1e-4) / Math.log10(0.99 / (0.01 - 1e-4)),
      2,
    );
  });

  test("rounding is left out: a product is one point", () => {
    const svg = schmidtSpectrum([spectrum("product", [1 - 1e-20, 1e-20])]);
    // one in the legend, one in the plot
    expect([...svg.matchAll(/<circle/g)].length).toBe(2);
  });

  test("series differ in their markers, not in colour alone", () => {
    const svg = schmidtSpectrum(["a", "b"].map((name) => spectrum(name, [0.75, 0.25])));
    expect([...svg.matchAll(/<circle/g)].length).toBe(3);
    expect([...svg.matchAll(/width="5.6"/g)].length).toBe(3);
  });

  test("refuses what is no spectrum", () => {
    expect(() => schmidtSpectrum([])).toThrow(ShapeError);
    expect(() => schmidtSpectrum([{ name: "a", coefficients: [] }])).toThrow("a spectrum is empty");
    expect(() => schmidtSpectrum([{ name: "a", coefficients: [1, 1] }])).toThrow('the squares of "a" sum to 2');
    expect(() => schmidtSpectrum([{ name: "a", coefficients: [Number.NaN] }])).toThrow(InvalidArgumentError);
    expect(() => schmidtSpectrum([spectrum("a", [1])], { width: Number.NaN })).toThrow("width is NaN");
  });

  test("any number of spectra", () => {
    const coefficients = new Float64Array(1000).fill(Math.sqrt(1 / 1000));
    const spectra = Array.from({ length: 200 }, (_, i) => ({ name: `token ${i}`, coefficients }));
    expect(schmidtSpectrum(spectra)).toContain("token 199");
  });
});
