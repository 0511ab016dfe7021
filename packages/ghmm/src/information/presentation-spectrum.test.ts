import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { periodicHmm, sparseHmm } from "../arbitraries/index.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { blockEntropies } from "./block-entropies.ts";
import { entropyRate } from "./entropy-rate.ts";
import { presentationMatrix, presentationSpectrum } from "./presentation-spectrum.ts";

describe("presentationMatrix", () => {
  test.prop([sparseHmm()], { numRuns: 30 })("has rows that sum to one", (process) => {
    const presentation = mixedStatePresentation(process, { maxStates: 100 });
    if (!presentation.complete) return;
    const n = presentation.states.length;
    const matrix = presentationMatrix(presentation);
    for (let i = 0; i < n; i++) {
      expect(matrix.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    }
    for (const { from, to, probability } of presentation.transitions) {
      expect(matrix[from * n + to]).toBeGreaterThanOrEqual(probability - 1e-10);
    }
  });
});

describe("presentationSpectrum", () => {
  test.prop([sparseHmm()], { numRuns: 30 })("sums to the trace, and its rates are inside the circle", (process) => {
    const presentation = mixedStatePresentation(process, { maxStates: 60 });
    if (!presentation.complete) return;
    const n = presentation.states.length;
    const { real, imaginary, rates } = presentationSpectrum(presentation);
    const matrix = presentationMatrix(presentation);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += matrix[i * (n + 1)] ?? 0;
    expect(real).toHaveLength(n);
    expect(real.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 8);
    expect(imaginary.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 8);
    expect(real.every((re, i) => Math.hypot(re, imaginary[i] ?? 0) < 1 + 1e-9)).toBe(true);
    expect(rates.every((rate) => rate < 1)).toBe(true);
  });

  test.prop([periodicHmm()], { numRuns: 30 })(
    "has as many eigenvalues on the circle as the classes have phases",
    (drawn) => {
      const presentation = mixedStatePresentation(drawn.process, { maxStates: 60 });
      if (!presentation.complete) return;
      const { real, rates } = presentationSpectrum(presentation);
      expect(real.length - rates.length).toBeGreaterThanOrEqual(presentation.classes.length);
    },
  );

  test("of the golden mean: one eigenvalue for the recurrent pair, an exact zero for the start", () => {
    const { real, imaginary, rates, residual } = presentationSpectrum(mixedStatePresentation(goldenMean({ p: 0.5 })));
    [1, -0.5, 0].forEach((value, i) => {
      expect(real[i]).toBeCloseTo(value, 14);
    });
    expect(Array.from(imaginary)).toEqual([0, 0, 0]);
    expect(rates[1]).toBe(0);
    expect(residual).toBeLessThan(1e-12);
  });

  test("of Z1R: the third roots of unity, and zeros", () => {
    const { real, imaginary, rates } = presentationSpectrum(mixedStatePresentation(zeroOneRandom({ p: 0.3 })));
    [1, -0.5, -0.5].forEach((value, i) => {
      expect(real[i]).toBeCloseTo(value, 13);
    });
    expect(imaginary[1]).toBeCloseTo(Math.sqrt(3) / 2, 13);
    expect(imaginary[2]).toBeCloseTo(-Math.sqrt(3) / 2, 13);
    expect(Array.from(rates)).toEqual([0, 0, 0, 0]);
  });

  test("of rrxor: period three, and rates inside the circle", () => {
    const { real, imaginary, rates } = presentationSpectrum(mixedStatePresentation(rrxor({})));
    expect(real).toHaveLength(36);
    expect(rates).toHaveLength(33);
    for (let i = 0; i < 3; i++) expect(Math.hypot(real[i] ?? 0, imaginary[i] ?? 0)).toBeCloseTo(1, 12);
    expect(rates[0]).toBeLessThan(0.95);
  });

  test("its leading rate is the rate at which h(L) approaches h_mu", () => {
    const process = evenOnes({ p: 0.5 });
    const [rate = 0] = presentationSpectrum(mixedStatePresentation(process)).rates;
    const { conditional } = blockEntropies(process, { maxLength: 42 });
    const distance = (length: number): number => (conditional[length - 1] ?? 0) - entropyRate(process).value;
    // two tokens at a time, since the leading eigenvalues come with both signs
    expect(Math.sqrt(distance(42) / distance(40))).toBeCloseTo(rate, 2);
  });

  test("refuses a truncated presentation", () => {
    const truncated = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 50 });
    expect(() => presentationSpectrum(truncated)).toThrow(UnsupportedError);
    expect(() => presentationMatrix(truncated)).toThrow("presentationMatrix: the presentation has");
  });
});
