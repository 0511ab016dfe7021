import { expect, test } from "vitest";
import { productOfExperts } from "./product-of-experts.ts";

/** P(x | b) for all four tokens. */
const predict = (belief: readonly number[]) =>
  [0, 1, 2, 3].map((token) => productOfExperts.step(belief, token, new Float64Array(2)));

test("probabilities sum to one, each divided by 1.3 in one corner and by 0.75 in the other", () => {
  for (const belief of [
    [1, 0],
    [0, 1],
    [0.5, 0.5],
  ]) {
    expect(predict(belief).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
  }
  // u = 0, y = 0: .9 * .7 and .1 * .7
  expect(predict([1, 0])[0]).toBeCloseTo(0.63 / 1.3, 14);
  expect(predict([0, 1])[0]).toBeCloseTo(0.07 / 0.75, 14);
});

test("a mixture of beliefs does not predict the mixture of the predictions: the update is not linear", () => {
  const [one, other, mixed] = [predict([1, 0]), predict([0, 1]), predict([0.5, 0.5])];
  const defect = mixed.map((p, x) => Math.abs(p - ((one[x] ?? 0) + (other[x] ?? 0)) / 2));
  expect(Math.max(...defect)).toBeGreaterThan(0.01);
});
