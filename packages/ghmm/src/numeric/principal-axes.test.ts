import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { dot } from "./matrix.ts";
import { principalAxes } from "./principal-axes.ts";

const clouds = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 })).chain(([d, n]) =>
  fc.record({
    d: fc.constant(d),
    points: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * d, maxLength: n * d }),
  }),
);

describe("principalAxes", () => {
  test.prop([clouds], { numRuns: 100 })(
    "orthonormal axes from which the points can be put together again",
    ({ d, points }) => {
      const { mean, axes, coordinates } = principalAxes(points, d);
      const k = axes.length;
      axes.forEach((a, i) => {
        axes.forEach((b, j) => {
          expect(Math.abs(dot(a, b) - (i === j ? 1 : 0))).toBeLessThan(1e-12);
        });
      });
      points.forEach((value, at) => {
        const [i, s] = [Math.floor(at / d), at % d];
        const sum = axes.reduce(
          (total, axis, a) => total + (coordinates[i * k + a] ?? 0) * (axis[s] ?? 0),
          mean[s] ?? 0,
        );
        // Directions of less than 1e-7 of the largest spread are left out.
        expect(Math.abs(sum - value)).toBeLessThan(2e-6);
      });
    },
  );

  test.prop([clouds], { numRuns: 50 })("variances, largest first", ({ d, points }) => {
    const { axes, variances, coordinates } = principalAxes(points, d);
    const [k, n] = [axes.length, points.length / d];
    variances.forEach((variance, axis) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (coordinates[i * k + axis] ?? 0) ** 2 / n;
      expect(Math.abs(sum - variance)).toBeLessThan(1e-12);
      if (axis > 0) expect(variance).toBeLessThanOrEqual(variances[axis - 1] ?? 0);
    });
  });

  it("has no axis for equal points and one for points of a line", () => {
    expect(principalAxes([0.1, 0.7, 0.1, 0.7, 0.1, 0.7], 2).axes).toEqual([]);
    const diagonal = principalAxes([0, 0, 1, 1, 3, 3], 2);
    expect(diagonal.axes.length).toBe(1);
    expect(Math.abs(diagonal.axes[0]?.[0] ?? 0)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(diagonal.variances[0]).toBeCloseTo((2 * 14) / 9, 12);
  });
});
