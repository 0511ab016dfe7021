import { expect, test } from "vitest";
import { widestGap } from "./widest-gap.ts";

test("the widest gap that begins within the noise, not the first and not the widest of all", () => {
  // ratios 4, 10, 1.25, 100; the last one begins above the noise
  const values = [1e-16, 1e-3, 4e-3, 4e-2, 5e-2, 5];
  expect(widestGap(values, 0.02)).toEqual({ count: 3, inside: 4e-3, outside: 4e-2 });
  expect(widestGap(values, 1)).toMatchObject({ count: 5 });
  expect(widestGap(values, 2e-3)).toMatchObject({ count: 2, inside: 1e-3 });
});

test("without a wide gap within the noise, the first value alone", () => {
  expect(widestGap([1e-16, 0.1, 0.2, 0.4], 1)).toEqual({ count: 1, inside: 1e-16, outside: 0.1 });
  expect(widestGap([1e-16, 0.1, 1], 0.01)).toMatchObject({ count: 1 });
  expect(widestGap([0], 1)).toEqual({ count: 1, inside: 0, outside: Number.POSITIVE_INFINITY });
});

test("exact zeros are inside whatever follows them", () => {
  expect(widestGap([0, 0, 0.1, 0.2], 0.01)).toMatchObject({ count: 2, outside: 0.1 });
});
