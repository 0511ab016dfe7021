import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { learningRateAt } from "./schedule.ts";

describe("learningRateAt", () => {
  test("a warm-up rises linearly to the peak", () => {
    const options = { learningRate: 2, warmup: 4 };
    expect([0, 1, 2, 3, 4, 5].map((step) => learningRateAt(step, 10, options))).toEqual([0.5, 1, 1.5, 2, 2, 2]);
  });

  test("a cosine starts at the peak, halves its distance to the end midway and falls monotonically to it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 2, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (warmup, after, finalFraction) => {
          const options = { learningRate: 3, warmup, schedule: "cosine", finalFraction } as const;
          const steps = warmup + 2 * after;
          const rates = Array.from({ length: 2 * after + 1 }, (_, i) => learningRateAt(warmup + i, steps, options));
          expect(rates[0]).toBeCloseTo(3, 12);
          expect(rates[after]).toBeCloseTo(1.5 * (1 + finalFraction), 12);
          expect(rates.at(-1)).toBeCloseTo(3 * finalFraction, 12);
          for (const [i, rate] of rates.entries()) expect(rate).toBeLessThanOrEqual((rates[i - 1] ?? rate) + 1e-12);
        },
      ),
    );
  });

  test("a line falls by the same amount every step, from the peak to its fraction", () => {
    const options = { learningRate: 2, warmup: 2, schedule: "linear", finalFraction: 0.25 } as const;
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => learningRateAt(step, 6, options))).toEqual([
      1, 2, 2, 1.625, 1.25, 0.875, 0.5,
    ]);
  });

  test("a run that is all warm-up never divides by zero", () => {
    expect(learningRateAt(5, 5, { learningRate: 1, warmup: 5, schedule: "cosine" })).toBe(1);
  });
});
