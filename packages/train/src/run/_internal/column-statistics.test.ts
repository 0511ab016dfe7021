import { createKey, normal } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { columnStatistics } from "./column-statistics.ts";

test("by hand", () => {
  // Columns 1, 3, 5 and 2, 2, 8; row means 1.5, 2.5, 6.5.
  const { columns, rows } = columnStatistics(Float64Array.of(1, 2, 3, 2, 5, 8), 2);
  expect([...columns.mean]).toEqual([3, 4]);
  expect(columns.standardError[0]).toBeCloseTo(2 / Math.sqrt(3), 14);
  expect(columns.standardError[1]).toBeCloseTo(Math.sqrt(12) / Math.sqrt(3), 14);
  expect(rows.mean).toBeCloseTo(3.5, 14);
  expect(rows.standardError).toBeCloseTo(Math.sqrt((4 + 1 + 9) / 2 / 3), 14);
});

test("standard errors are right: the error of the mean is below two of them in 95 of 100 samples, also where entries of a row depend on each other", () => {
  const trials = 400;
  const [count, width] = [60, 5];
  let [column, row] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const draws = normal(createKey(trial), count * (width + 1));
    // Every entry of a row shares the row's own draw.
    const values = Float64Array.from({ length: count * width }, (_, i) => {
      const own = draws[Math.floor(i / width)] ?? 0;
      return own + 0.3 * (draws[count + i] ?? 0);
    });
    const { columns, rows } = columnStatistics(values, width);
    if (Math.abs(columns.mean[2] ?? 9) < 2 * (columns.standardError[2] ?? 0)) column++;
    if (Math.abs(rows.mean) < 2 * rows.standardError) row++;
  }
  for (const inside of [column, row]) {
    expect(inside / trials).toBeGreaterThan(0.91);
    expect(inside / trials).toBeLessThan(0.98);
  }
});
