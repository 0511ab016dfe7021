import { fc, test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { expect } from "vitest";
import { chunks, rowCount } from "./chunks.ts";

test.prop([fc.integer({ min: 1, max: 400 })])(
  "chunks cover the sequences once, in order, and none is larger than 64",
  (sequences) => {
    const { batch, chunks: parts } = chunks(sequences);
    expect(batch).toBe(Math.min(sequences, 64));
    let next = 0;
    for (const { first, count } of parts) {
      expect(first).toBe(next);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(batch);
      next += count;
    }
    expect(next).toBe(sequences);
    expect(parts.slice(0, -1).every(({ count }) => count === batch)).toBe(true);
  },
);

test("rows must be whole", () => {
  expect(rowCount("run", "tokens", 12, 4)).toBe(3);
  for (const [elements, width] of [
    [0, 4],
    [11, 4],
    [3, 4],
  ] as const) {
    expect(() => rowCount("run", "tokens", elements, width)).toThrow(ShapeError);
    expect(() => rowCount("run", "tokens", elements, width)).toThrow(
      `run: tokens has ${elements} elements for rows of ${width}`,
    );
  }
});
