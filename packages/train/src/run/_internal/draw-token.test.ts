import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { drawToken } from "./draw-token.ts";

const logits = [1, 3, -2, 3, 0.5];
const grid = Array.from({ length: 20000 }, (_, i) => (i + 0.5) / 20000);

/** How often each token is drawn on a regular grid of places: its probability, up to the spacing of the grid. */
function frequencies(temperature: number, topK: number): readonly number[] {
  const counts = logits.map(() => 0);
  for (const place of grid) {
    const token = drawToken(logits, place, { temperature, topK });
    counts[token] = (counts[token] ?? 0) + 1 / grid.length;
  }
  return counts;
}

function softmax(values: readonly number[]): readonly number[] {
  const weights = values.map(Math.exp);
  return weights.map((weight) => weight / weights.reduce((sum, one) => sum + one, 0));
}

describe("drawToken", () => {
  test.each([0.3, 1, 5])("draws from the softmax of the logits over the temperature %d", (temperature) => {
    const expected = softmax(logits.map((logit) => logit / temperature));
    for (const [token, frequency] of frequencies(temperature, 5).entries()) {
      expect(Math.abs(frequency - (expected[token] ?? 0))).toBeLessThan(2 / grid.length);
    }
  });

  test.each([
    [1, [1]],
    [2, [1, 3]],
    [3, [0, 1, 3]],
    [9, [0, 1, 2, 3, 4]],
  ])("of the %d largest logits only; of equal ones the first stays", (topK, kept) => {
    const expected = softmax(logits.map((logit, token) => (kept.includes(token) ? logit : Number.NEGATIVE_INFINITY)));
    for (const [token, frequency] of frequencies(1, topK).entries()) {
      expect(Math.abs(frequency - (expected[token] ?? 0))).toBeLessThan(2 / grid.length);
    }
  });

  test.prop([
    fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 8 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ])("temperature 0 takes the first of the largest, and the choice never has probability 0", (any, place) => {
    expect(drawToken(any, place, { temperature: 0, topK: any.length })).toBe(any.indexOf(Math.max(...any)));
    const token = drawToken(any, place, { temperature: 0.01, topK: any.length });
    expect(Math.exp(((any[token] ?? Number.NaN) - Math.max(...any)) / 0.01)).toBeGreaterThan(0);
  });

  test("at the upper end of the interval the last token with a positive probability is drawn", () => {
    expect(drawToken([0, 0, -1e6], 1, { temperature: 1, topK: 3 })).toBe(1);
    expect(drawToken([-1e6, 0, 0], 0, { temperature: 1, topK: 3 })).toBe(1);
  });
});
