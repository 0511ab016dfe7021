import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { kullbackLeibler } from "./kullback-leibler.ts";

const weights = (length: number) =>
  fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: length, maxLength: length });
const normalised = (values: readonly number[]) => {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
};
const pair = fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(weights(n), weights(n)));

describe("kullbackLeibler", () => {
  test("KL((1/2, 1/2) || (1/4, 3/4)) = 1/2 ln(4/3), and 1/4 ln(1/2) + 3/4 ln(3/2) the other way", () => {
    expect(kullbackLeibler([0.5, 0.5], [0.25, 0.75], 0, 2)).toBeCloseTo(0.5 * Math.log(4 / 3), 15);
    expect(kullbackLeibler([0.25, 0.75], [0.5, 0.5], 0, 2)).toBeCloseTo(
      0.25 * Math.log(0.5) + 0.75 * Math.log(1.5),
      15,
    );
  });

  test("0 ln(0 / q) = 0, also at q = 0, and mass where q has none is infinite", () => {
    expect(kullbackLeibler([0, 1], [0.5, 0.5], 0, 2)).toBeCloseTo(Math.LN2, 15);
    expect(kullbackLeibler([0, 1], [0, 1], 0, 2)).toBe(0);
    expect(kullbackLeibler([0.5, 0.5], [0, 1], 0, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  test.prop([pair])("Pinsker: at least twice the squared total variation, so zero at equality only", ([a, b]) => {
    const [p, q] = [normalised(a), normalised(b)];
    const variation = p.reduce((sum, value, i) => sum + Math.abs(value - (q[i] ?? 0)) / 2, 0);
    expect(kullbackLeibler(p, q, 0, p.length)).toBeGreaterThanOrEqual(2 * variation ** 2 - 1e-12);
    expect(kullbackLeibler(p, p, 0, p.length)).toBe(0);
  });

  test.prop([pair, pair])("adds over independent parts: KL(p x r || q x s) = KL(p || q) + KL(r || s)", (one, two) => {
    const [p = [], q = []] = one.map(normalised);
    const [r = [], s = []] = two.map(normalised);
    const product = (x: readonly number[], y: readonly number[]) => x.flatMap((u) => y.map((v) => u * v));
    const joint = kullbackLeibler(product(p, r), product(q, s), 0, p.length * r.length);
    expect(joint).toBeCloseTo(kullbackLeibler(p, q, 0, p.length) + kullbackLeibler(r, s, 0, r.length), 10);
  });

  test("reads one row of an array, from its offset", () => {
    const p = Float64Array.of(1, 0, 0.5, 0.5);
    const q = Float64Array.of(0, 1, 0.25, 0.75);
    expect(kullbackLeibler(p, q, 2, 2)).toBe(kullbackLeibler([0.5, 0.5], [0.25, 0.75], 0, 2));
    expect(kullbackLeibler(p, q, 0, 2)).toBe(Number.POSITIVE_INFINITY);
  });
});
