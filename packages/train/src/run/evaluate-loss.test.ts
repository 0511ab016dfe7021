import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { directTransformer } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { evaluateLoss } from "./evaluate-loss.ts";

const engine = createReferenceEngine();
const model = randomModel();
const length = 3;
const count = 70;
const tokens = Int32Array.from({ length: count * (length + 1) }, (_, i) => (i * i + (i >> 2)) % 3);
const lossMask = Uint8Array.from({ length: count * length }, (_, i) => (i % length === 1 || i % 5 === 0 ? 0 : 1));

/** -ln p of every target, from the direct evaluation. */
const rowLoss = Array.from({ length: count }, (_, b) => {
  const sequence = Array.from(tokens.subarray(b * (length + 1), (b + 1) * (length + 1)));
  return directTransformer(model, sequence.slice(0, length)).logits.map((row, t) => {
    const normalizer = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return normalizer - (row[sequence[t + 1] ?? 0] ?? Number.NaN);
  });
});

describe("evaluateLoss", () => {
  test("is the mean of -ln p over the counted targets, in total and by position", async () => {
    const result = await evaluateLoss(model, { tokens, length, lossMask, engine });
    const counted = rowLoss.map((row, b) => row.map((loss, t) => (lossMask[b * length + t] === 1 ? loss : undefined)));
    const mean = (losses: readonly (number | undefined)[]): number => {
      const present = losses.flatMap((loss) => (loss === undefined ? [] : [loss]));
      return present.reduce((sum, loss) => sum + loss, 0) / present.length;
    };
    expect(result.loss).toBeCloseTo(mean(counted.flat()), 12);
    expect(result.byPosition[0]).toBeCloseTo(mean(counted.map((row) => row[0])), 12);
    expect(result.byPosition[1]).toBeNaN();
    expect(result.byPosition[2]).toBeCloseTo(mean(counted.map((row) => row[2])), 12);
    expect(result.count).toBe(lossMask.reduce((sum, one) => sum + one, 0));
    expect(Array.from(result.countByPosition).reduce((sum, one) => sum + one, 0)).toBe(result.count);
  });

  test("without a mask everything counts", async () => {
    const { loss, count: counted } = await evaluateLoss(model, { tokens, length, engine });
    expect(counted).toBe(count * length);
    expect(loss).toBeCloseTo(rowLoss.flat().reduce((sum, one) => sum + one, 0) / counted, 12);
  });

  test("targets that do not count may be any token, also one the model cannot predict", async () => {
    const mask = Uint8Array.of(1, 0, 1);
    const { loss } = await evaluateLoss(model, { tokens: Int32Array.of(0, 1, 4, 1), length, lossMask: mask, engine });
    expect(Number.isFinite(loss)).toBe(true);
    await expect(evaluateLoss(model, { tokens: Int32Array.of(0, 1, 4, 1), length, engine })).rejects.toThrow(
      /target 4/,
    );
  });

  test("refusals", async () => {
    const attempt = (options: object) => evaluateLoss(model, { tokens, length, engine, ...options });
    await expect(attempt({ lossMask: new Uint8Array(count * length) })).rejects.toThrow(InvalidArgumentError);
    await expect(attempt({ lossMask: new Uint8Array(2) })).rejects.toThrow(ShapeError);
    await expect(attempt({ tokens: new Int32Array(5) })).rejects.toThrow(ShapeError);
    await expect(attempt({ tokens: Int32Array.of(0, 1, 2, 9) })).rejects.toThrow(InvalidArgumentError);
  });
});
