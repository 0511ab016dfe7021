import { fc, test } from "@fast-check/vitest";
import { createKey, normal } from "@semifactor/ghmm";
import { eigenvalues, multiply } from "@semifactor/ghmm/internal";
import { describe, expect } from "vitest";
import { columnsOf, frobenius, identity, spectralGaps, splitSpectrum } from "./spectral-split.ts";

const random = (n: number, seed: number): Float64Array => normal(createKey(seed), n * n);

/** Largest entry of `inverse * matrix * basis` between the two subspaces. */
function mixing(matrix: Float64Array, n: number, gap = spectralGaps(matrix, n)[0]): number {
  const split = gap === undefined ? undefined : splitSpectrum(matrix, n, gap);
  if (split === undefined) return Number.NaN;
  const turned = multiply(multiply(split.inverse, matrix, n), split.basis, n);
  return turned.reduce((worst, value, i) => {
    const [row, column] = [Math.floor(i / n), i % n];
    return row < split.first === column < split.first ? worst : Math.max(worst, Math.abs(value));
  }, 0);
}

describe("splitSpectrum", () => {
  test.prop([fc.integer({ min: 2, max: 8 }), fc.nat(1000)], { numRuns: 40 })(
    "gives invariant subspaces with the eigenvalues of either side",
    (n, seed) => {
      const matrix = random(n, seed);
      const gap = [...spectralGaps(matrix, n)].sort((a, b) => b.width - a.width)[0];
      fc.pre(gap !== undefined && gap.width > 0.05);
      const split = splitSpectrum(matrix, n, gap);
      expect(split?.first).toBe(gap.left);
      if (split === undefined) return;
      expect(mixing(matrix, n, gap)).toBeLessThan(1e-9);
      const turned = multiply(multiply(split.inverse, matrix, n), split.basis, n);
      const left = columnsOf(turned.subarray(0, gap.left * n), n, 0, gap.left);
      expect(Math.max(...eigenvalues(left, gap.left).real)).toBeLessThan(gap.at);
    },
  );

  test("keeps a defective eigenvalue together and parts it from the others", () => {
    // eigenvalue 0 in a Jordan cell of three, eigenvalue 1 beside it
    const cell = Float64Array.of(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    const gap = spectralGaps(cell, 4).find(({ width }) => width > 0.5);
    expect(gap?.left).toBe(3);
    expect(mixing(cell, 4, gap)).toBeLessThan(1e-12);
  });

  test("the columns of either subspace are orthonormal", () => {
    const matrix = Float64Array.of(1, 5, 0, 0, 2, 1, 0, 0, 3);
    const split = splitSpectrum(matrix, 3, { at: 2.5, width: 1, left: 2 });
    const first = columnsOf(split?.basis ?? identity(3), 3, 0, 2);
    const inner = (i: number, j: number) =>
      [0, 1, 2].reduce((sum, row) => sum + (first[row * 2 + i] ?? 0) * (first[row * 2 + j] ?? 0), 0);
    expect([inner(0, 0), inner(0, 1), inner(1, 1)].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([1, 0, 1]);
  });

  test("gives up on a line through an eigenvalue", () => {
    expect(splitSpectrum(identity(3), 3, { at: 1, width: 0, left: 1 })).toBeUndefined();
  });

  test("gives up on a line through a defective eigenvalue that rounding has spread", () => {
    const cell = Float64Array.of(0, 1, 0, 0, 0, 1, 1e-18, 0, 0);
    expect(splitSpectrum(cell, 3, { at: 1e-7, width: 1e-6, left: 2 })).toBeUndefined();
  });

  test("does not hide bad input", () => {
    expect(() => splitSpectrum(new Float64Array(9).fill(Number.NaN), 3, { at: 0, width: 1, left: 1 })).toThrow("NaN");
  });
});

test("gaps are between neighbouring real parts", () => {
  const rotation = Float64Array.of(0, -2, 0, 2, 0, 0, 0, 0, 3);
  expect(spectralGaps(rotation, 3)).toEqual([
    { at: 0, width: 0, left: 1 },
    { at: 1.5, width: 3, left: 2 },
  ]);
  expect(spectralGaps(Float64Array.of(4), 1)).toEqual([]);
});

test("columns and sizes", () => {
  expect(columnsOf(Float64Array.of(1, 2, 3, 4, 5, 6), 3, 1, 3)).toEqual(Float64Array.of(2, 3, 5, 6));
  expect(frobenius(Float64Array.of(3, 4))).toBe(5);
  expect(identity(2)).toEqual(Float64Array.of(1, 0, 0, 1));
});
