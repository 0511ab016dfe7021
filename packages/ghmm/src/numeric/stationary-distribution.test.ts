import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { vectorTimesMatrix } from "./matrix.ts";
import { stationaryDistribution } from "./stationary-distribution.ts";

/** Irreducible chains: a cycle through all states, and some further steps. */
const chains = fc
  .integer({ min: 1, max: 7 })
  .chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.array(
        fc.double({ min: 0, max: 1, noNaN: true }).map((x) => (x < 0.5 ? 0 : x)),
        {
          minLength: n * n,
          maxLength: n * n,
        },
      ),
    ),
  )
  .map(([n, entries]) => {
    const w = Float64Array.from(entries);
    for (let i = 0; i < n; i++) {
      w[i * n + ((i + 1) % n)] = 0.5;
      const total = w.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
      for (let j = 0; j < n; j++) w[i * n + j] = (w[i * n + j] ?? 0) / total;
    }
    return { n, w };
  });

describe("stationaryDistribution", () => {
  test.prop([chains])("is a fixed distribution", ({ n, w }) => {
    const pi = stationaryDistribution(w, n);
    const after = new Float64Array(n);
    vectorTimesMatrix(pi, w, n, after);
    expect(pi.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13);
    pi.forEach((value, i) => {
      expect(value).toBeGreaterThan(0);
      expect(Math.abs(value - (after[i] ?? Number.NaN))).toBeLessThan(1e-14);
    });
  });

  test("small entries have full relative precision", () => {
    // up with probability e, down with 1 - e: a geometric distribution
    const [n, e] = [8, 1e-12];
    const w = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      w[i * n + Math.min(i + 1, n - 1)] = e;
      w[i * n + Math.max(i - 1, 0)] = 1 - e;
    }
    const pi = stationaryDistribution(w, n);
    const ratio = e / (1 - e);
    for (let i = 0; i < n; i++) expect((pi[i] ?? 0) / (pi[0] ?? 1) / ratio ** i).toBeCloseTo(1, 12);
  });

  test("does not change its argument", () => {
    const w = Float64Array.of(0.5, 0.5, 1, 0);
    expect(stationaryDistribution(w, 2)[0]).toBeCloseTo(2 / 3, 15);
    expect(Array.from(w)).toEqual([0.5, 0.5, 1, 0]);
  });
});
