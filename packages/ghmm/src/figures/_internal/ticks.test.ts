import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { ticks } from "./ticks.ts";

describe("ticks", () => {
  it.each([
    [0, 1, 4, [0, 0.5, 1]],
    [-0.5, 0.5, 5, [-0.4, -0.2, 0, 0.2, 0.4]],
    [0, 30, 3, [0, 10, 20, 30]],
    [2, 2, 3, [2]],
  ] as const)("from %d to %d, about %d", (low, high, count, expected) => {
    expect(ticks(low, high, count)).toEqual(expected);
  });

  test.prop([
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: 1e-6, max: 100, noNaN: true }),
    fc.integer({ min: 2, max: 8 }),
  ])("lie in the range, evenly, and are not too many", (low, width, count) => {
    const found = ticks(low, low + width, count);
    expect(found.length).toBeLessThanOrEqual(count + 1);
    found.forEach((value, i) => {
      expect(value).toBeGreaterThanOrEqual(low - 1e-9 * width - 1e-11);
      expect(value).toBeLessThanOrEqual(low + width + 1e-9 * width + 1e-11);
      if (i > 1) expect(value - (found[i - 1] ?? 0)).toBeCloseTo((found[1] ?? 0) - (found[0] ?? 0), 9);
    });
  });
});
