import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { fillNormal, largestError, namedArena } from "../_testing/named-call.ts";

const shape = fc.record({
  rows: fc.integer({ min: 1, max: 4 }),
  d: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/** The normalised rows of x = factor * normal draws, with gains of 1 unless given. */
function normalized(
  { rows, d, seed }: { readonly rows: number; readonly d: number; readonly seed: number },
  { factor = 1, gain = 1, eps = 0 },
): { readonly y: Float64Array; readonly x: Float64Array; readonly rstd: Float64Array } {
  const arena = namedArena({ x: rows * d, gain: d, y: rows * d, rstd: rows });
  const x = arena.values("x");
  fillNormal(x, seed);
  x.set(x.map((value) => value * factor));
  arena.values("gain").fill(gain);
  arena.call("rms_norm_forward", { rows, d, eps });
  return { x, y: arena.values("y"), rstd: arena.values("rstd") };
}

describe("rms norm", () => {
  test.prop([shape])("every row of the result has mean square 1", (s) => {
    const { y } = normalized(s, {});
    for (let r = 0; r < s.rows; r++) {
      const square = y.subarray(r * s.d, (r + 1) * s.d).reduce((sum, value) => sum + value * value, 0);
      expect(square / s.d).toBeCloseTo(1, 12);
    }
  });

  test.prop([shape, fc.double({ min: 0.01, max: 100, noNaN: true })])(
    "the size of x does not matter without eps, that of the gain is that of y",
    (s, factor) => {
      const { y } = normalized(s, {});
      expect(largestError(normalized(s, { factor }).y, y)).toBeLessThan(1e-12);
      expect(
        largestError(
          normalized(s, { gain: factor }).y,
          y.map((value) => value * factor),
        ),
      ).toBeLessThan(1e-12);
    },
  );

  test.prop([shape])("y is x / sqrt(mean(x^2) + eps), computed directly", (s) => {
    const { x, y, rstd } = normalized(s, { eps: 0.5 });
    for (let r = 0; r < s.rows; r++) {
      const row = x.subarray(r * s.d, (r + 1) * s.d);
      const scale = 1 / Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0) / s.d + 0.5);
      expect(rstd[r]).toBeCloseTo(scale, 12);
      expect(
        largestError(
          y.subarray(r * s.d, (r + 1) * s.d),
          row.map((value) => value * scale),
        ),
      ).toBeLessThan(1e-12);
    }
  });
});
