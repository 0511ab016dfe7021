import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { BatchSource } from "../../data/batch-source.ts";
import { tokenArraySource } from "../../data/token-array-source.ts";
import { createEngine } from "../../engines/create-engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { compilePlan } from "../../plan/compile.ts";
import { tinyModel, tinyRun } from "../_testing/tiny-run.ts";
import { train } from "../train.ts";
import { hostFeed } from "./host-feed.ts";

const engine = createReferenceEngine();
const wasm = await createEngine({ device: "wasm", relaxedSimd: false });
afterAll(() => wasm.dispose());

/** Micro-batches of two sequences whose masks count differently many targets, and the batch of all of them. */
function masked(parts: number): { readonly micro: BatchSource; readonly whole: BatchSource } {
  const draw = tokenArraySource({
    tokens: Int32Array.from({ length: 40 }, (_, i) => (i * i + (i >> 1)) % 5),
    length: 3,
    vocabularySize: 5,
    batchSize: 2,
    key: createKey(9),
  });
  const micro: BatchSource = {
    ...draw,
    // Micro-batch 2 counts nothing at all.
    batch: (step) => ({
      tokens: draw.batch(step).tokens,
      lossMask: Uint8Array.from({ length: 6 }, (_, i) => (step % 4 === 2 ? 0 : Number(i % ((step % 3) + 1) === 0))),
    }),
  };
  const whole: BatchSource = {
    ...draw,
    batchSize: 2 * parts,
    batch(step) {
      const batches = Array.from({ length: parts }, (_, j) => micro.batch(step * parts + j));
      return {
        tokens: Int32Array.from(batches.flatMap(({ tokens }) => [...tokens])),
        lossMask: Uint8Array.from(batches.flatMap(({ lossMask = [] }) => [...lossMask])),
      };
    },
  };
  return { micro, whole };
}

describe("micro-batches", () => {
  test.each([
    ["reference", 2, 11],
    ["reference", 3, 11],
    ["wasm", 4, 4],
  ] as const)(
    "of step: %s, %i of them, %i digits: it is that of one batch of all, to rounding",
    async (device, parts, digits) => {
      const { micro, whole } = masked(parts);
      const on = device === "wasm" ? wasm : engine;
      // AdamW's first steps are the signs of gradients, which would make rounding visible.
      const optimizer = { algorithm: "sgd", learningRate: 0.1 } as const;
      const options = { ...tinyRun, engine: on, steps: 4, optimizer };
      const some = await train({ ...options, source: micro, shards: 1, accumulate: parts });
      const one = await train({ ...options, source: whole, shards: 1 });
      for (const name of ["loss", "gradientNorm"] as const) {
        for (const [step, value] of one.state.history[name].entries()) {
          expect(some.state.history[name][step]).toBeCloseTo(value, digits);
        }
      }
      for (const [name, values] of one.state.weights) {
        for (const [i, value] of values.entries()) expect(some.state.weights.get(name)?.[i]).toBeCloseTo(value, digits);
      }
    },
  );

  test("with AdamW and with momentum the gradient starts from zero at every step", async () => {
    const { micro, whole } = masked(2);
    for (const optimizer of [
      { learningRate: 0.01 },
      { algorithm: "sgd", momentum: 0.9, learningRate: 0.1, weightDecay: 0.01 },
    ] as const) {
      const options = { ...tinyRun, optimizer, shards: 1 };
      const some = await train({ ...options, source: micro, accumulate: 2 });
      const one = await train({ ...options, source: whole });
      expect(some.state.history.loss.at(-1)).toBeCloseTo(one.state.history.loss.at(-1) ?? Number.NaN, 8);
      expect(some.state.history.gradientNorm.at(-1)).toBeCloseTo(
        one.state.history.gradientNorm.at(-1) ?? Number.NaN,
        8,
      );
    }
  });

  test("a step whose micro-batches count nothing is refused with their numbers", async () => {
    const none: BatchSource = {
      ...tinyRun.source,
      batch: (step) => ({ ...tinyRun.source.batch(step), lossMask: new Uint8Array(24).fill(step < 4 ? 1 : 0) }),
    };
    const attempt = train({ ...tinyRun, source: none, accumulate: 2 });
    await expect(attempt).rejects.toThrow(InvalidArgumentError);
    await expect(attempt).rejects.toThrow(/the loss mask of batches 4 to 5 leaves no target/);
    await expect(train({ ...tinyRun, source: none })).rejects.toThrow(/the loss mask of batch 4 leaves no target/);
  });

  test.each([0, 1.5, Number.NaN])("accumulate = %d is refused", async (accumulate) => {
    await expect(train({ ...tinyRun, accumulate })).rejects.toThrow(/train: accumulate is/);
  });
});

test("weights add up to 1 over a step of every replica, and are 0 where nothing counts", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(fc.nat(1)),
      (accumulate, count, bits) => {
        const next = (): number => bits.next().value ?? 1;
        const source = (): BatchSource => ({
          vocabularySize: 5,
          batchSize: 2,
          length: 3,
          batch: () => ({
            tokens: new Int32Array(8),
            lossMask: Uint8Array.from({ length: 6 }, (_, i) => (i === 0 ? 1 : next())),
          }),
        });
        const replicas = Array.from({ length: count }, () => ({ model: tinyModel, source: source() }));
        const { config, adapters } = tinyModel;
        const plan = compilePlan({ config, adapters, batch: 2, length: 3, trainable: "all", replicas: count });
        const feed = hostFeed({ engine, plan, replicas, accumulate, name: "test" });
        feed.prepare(0);
        for (let r = 0; r < count; r++) {
          let sum = 0;
          const values = new Set<number>();
          for (let part = 0; part < accumulate; part++) {
            for (const weight of feed.weights(part).subarray(6 * r, 6 * r + 6)) {
              sum += weight;
              values.add(weight);
            }
            feed.send(part);
            const targets = [...engine.download(plan, "targets")].slice(6 * r, 6 * r + 6);
            const weights = [...engine.download(plan, "weights")].slice(6 * r, 6 * r + 6);
            expect(weights.map((weight) => weight > 0)).toEqual(targets.map((target) => target >= 0));
          }
          expect(sum).toBeCloseTo(1, 12);
          values.delete(0);
          expect(values.size).toBe(1);
        }
        engine.release(plan);
      },
    ),
    { numRuns: 20 },
  );
});
