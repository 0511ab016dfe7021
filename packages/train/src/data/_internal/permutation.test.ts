import { fc, test } from "@fast-check/vitest";
import { createKey, foldIn } from "@semifactor/ghmm";
import { expect } from "vitest";
import { permutation } from "./permutation.ts";

test.prop([fc.nat(), fc.nat(300)])("every number comes up once", (seed, count) => {
  const order = permutation(createKey(seed), count);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(permutation(createKey(seed), count)).toEqual(order);
});

test("all orders are equally frequent", () => {
  const draws = 24000;
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const order = permutation(foldIn(createKey(8), i), 4).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const expected = draws / 24;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(counts.size).toBe(24);
  // 23 degrees of freedom: 99.9 % of such sums are below 49.7.
  expect(chiSquare).toBeLessThan(49.7);
});
