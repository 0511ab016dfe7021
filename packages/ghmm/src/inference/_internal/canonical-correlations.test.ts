import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { canonicalCorrelations, noiseOfHalves, pastAndFuture } from "./canonical-correlations.ts";

/** Random frequencies of the words of three tokens over two. */
const frequencies = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .map((values) => Float64Array.from(values, (value) => value / values.reduce((a, b) => a + b, 0)));

describe("pastAndFuture", () => {
  test.prop([frequencies])("averages both ends of the windows, and has the marginals of the joint", (values) => {
    const { joint, past, future } = pastAndFuture(values, 2, 2);
    const at = (u: number, v: number) => joint[2 * u + v] ?? Number.NaN;
    expect(at(0, 1)).toBeCloseTo(((values[2] ?? 0) + (values[3] ?? 0) + (values[1] ?? 0) + (values[5] ?? 0)) / 2, 14);
    for (const word of [0, 1]) {
      expect(past[word]).toBeCloseTo(at(word, 0) + at(word, 1), 14);
      expect(future[word]).toBeCloseTo(at(0, word) + at(1, word), 14);
    }
  });
});

describe("canonicalCorrelations", () => {
  test.prop([frequencies])("two words: the correlation coefficient of their indicators", (values) => {
    const whole = pastAndFuture(values, 2, 2);
    const [p = 0, q = 0] = [whole.past[1], whole.future[1]];
    const correlation = ((whole.joint[3] ?? 0) - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
    const { values: singular } = canonicalCorrelations(whole);
    expect(singular[0]).toBeCloseTo(Math.abs(correlation), 12);
    expect(singular[1]).toBeCloseTo(0, 12);
  });

  test("words that do not occur", () => {
    const { values } = canonicalCorrelations(pastAndFuture(Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0), 2, 2));
    expect(Array.from(values)).toEqual([0, 0]);
  });
});

describe("noiseOfHalves", () => {
  test.prop([frequencies, frequencies])("is zero for equal halves and does not depend on their order", (a, b) => {
    const [first, second] = [pastAndFuture(a, 2, 2), pastAndFuture(b, 2, 2)];
    expect(noiseOfHalves(first, first, first)).toBe(0);
    expect(noiseOfHalves(first, first, second)).toBeCloseTo(noiseOfHalves(first, second, first), 13);
  });
});
