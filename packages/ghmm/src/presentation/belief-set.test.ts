import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { BeliefSet } from "./belief-set.ts";

const TOLERANCE = 1e-3;
/** Points that crowd into few bins and lie near their edges. */
const points = fc.integer({ min: 1, max: 4 }).chain((d) =>
  fc.array(
    fc
      .array(fc.integer({ min: -30, max: 30 }), { minLength: d, maxLength: d })
      .map((p) => Float64Array.from(p, (v) => v * 0.4 * TOLERANCE)),
    { minLength: 1, maxLength: 60 },
  ),
);

const distance = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));

describe("BeliefSet", () => {
  test.prop([points], { numRuns: 200 })(
    "finds the nearest of all points within the tolerance (all pairs by hand)",
    (all) => {
      const set = new BeliefSet(all[0]?.length ?? 0, TOLERANCE);
      all.forEach((point, i) => {
        const distances = all.slice(0, i).map((other) => distance(point, other));
        const least = Math.min(Number.POSITIVE_INFINITY, ...distances);
        const found = set.nearest(point);
        if (least <= TOLERANCE) expect(found.distance).toBe(least);
        expect(found.index >= 0).toBe(least <= TOLERANCE);
        if (found.index >= 0) expect(distances[found.index]).toBe(least);
        expect(set.add(point)).toBe(i);
      });
    },
  );

  it("merges across the edges of bins, at every place of the axis", () => {
    for (let i = 0; i < 2000; i++) {
      const set = new BeliefSet(1, 1e-8);
      const place = i * 0.371e-8;
      set.add(Float64Array.of(place));
      expect(set.nearest(Float64Array.of(place + 0.9e-8)).index).toBe(0);
      expect(set.nearest(Float64Array.of(place - 0.9e-8)).index).toBe(0);
      expect(set.nearest(Float64Array.of(place + 1.1e-8)).index).toBe(-1);
    }
  });
});
