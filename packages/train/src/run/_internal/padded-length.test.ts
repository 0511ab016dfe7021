import { expect, test } from "vitest";
import { paddedLength } from "./padded-length.ts";

test("every length fits, in the context if it can, and few lengths are enough", () => {
  const lengths = Array.from({ length: 100 }, (_, i) => paddedLength(i + 1, 100));
  lengths.forEach((padded, i) => {
    expect(padded).toBeGreaterThanOrEqual(i + 1);
    expect(padded).toBeLessThanOrEqual(100);
  });
  expect([...new Set(lengths)]).toEqual([8, 16, 32, 64, 100]);
});

test("a short context is the only length, and a sequence that does not fit keeps its own", () => {
  expect([1, 2, 3].map((length) => paddedLength(length, 3))).toEqual([3, 3, 3]);
  expect(paddedLength(12, 10)).toBe(12);
});
