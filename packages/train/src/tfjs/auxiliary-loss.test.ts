import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { createKey, InvalidArgumentError, NotConvergedError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { beforeAll, describe, expect, test } from "vitest";
import { tokenArraySource } from "../data/token-array-source.ts";
import { createReferenceEngine } from "../engines/reference.ts";
import { createWasmEngine } from "../engines/wasm/index.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import type { AuxiliaryLoss } from "../loop/auxiliary-loss.ts";
import { train } from "../loop/train.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import type { Transformer } from "../model/transformer.ts";
import { evaluateLoss } from "../run/evaluate-loss.ts";
import { run } from "../run/run.ts";
import { auxiliaryLoss } from "./auxiliary-loss.ts";

const model = randomModel();
const tokens = Int32Array.of(0, 1, 2, 0, 2, 2, 1, 0);
const source = { ...tokenArraySource({ tokens, length: 3, vocabularySize: 5, batchSize: 2, key: createKey(0) }) };
const fixed = { ...source, batch: () => ({ tokens }) };
const engine = createReferenceEngine();
const hook = "blocks.1.hook_resid_mid";
const sgd = { algorithm: "sgd", momentum: 0, learningRate: 1, weightDecay: 0, clip: 0 } as const;

/** weight mean(x0 x1) over positions, its gradient written by hand. */
function product(weight: number): AuxiliaryLoss {
  return {
    at: [hook],
    async evaluate({ read, write }) {
      const x = await read(hook);
      const rows = x.length / 4;
      const gradient = new Float64Array(x.length);
      let sum = 0;
      for (let r = 0; r < rows; r++) {
        const [a = 0, b = 0] = x.subarray(4 * r, 4 * r + 2);
        sum += (weight * a * b) / rows;
        gradient[4 * r] = (weight * b) / rows;
        gradient[4 * r + 1] = (weight * a) / rows;
      }
      write(hook, gradient);
      return sum;
    },
  };
}

/** The same in TensorFlow.js. */
const sameInTfjs = (weight: number) =>
  auxiliaryLoss({
    tf,
    at: hook,
    weight,
    loss: (x) => {
      const [a, b] = tf.split(tf.slice(x, [0, 0, 0], [-1, -1, 2]), 2, 2);
      if (a === undefined || b === undefined) throw new Error("no halves");
      return tf.mean(tf.mul(a, b)) as tf.Scalar;
    },
  });

beforeAll(async () => {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
});

/** Cross-entropy plus the hand-written loss. */
async function objective(its: Transformer, weight: number): Promise<number> {
  const { loss } = await evaluateLoss(its, { tokens, length: 3, engine });
  const inputs = tokens.filter((_, i) => i % 4 < 3);
  const { captured } = await run(its, { tokens: inputs, length: 3, engine, capture: [hook] });
  const x = Array.from(captured[hook].values);
  return loss + x.reduce((sum, a, i) => sum + (i % 4 === 0 ? (weight * a * (x[i + 1] ?? 0)) / (x.length / 4) : 0), 0);
}

describe("a loss on activations in training", () => {
  test("written by hand, one step of plain descent is the gradient of the sum, by finite differences", async () => {
    const { state } = await train({ model, source: fixed, engine, steps: 1, optimizer: sgd, auxiliary: [product(3)] });
    for (const [name, index] of [
      ["embed.W_E", 4],
      ["blocks.0.attn.W_V", 3],
      ["blocks.1.attn.b_O", 0],
      ["blocks.1.mlp.W_in", 7],
      ["unembed.W_U", 2],
    ] as const) {
      const moved = (step: number): Promise<number> => {
        const values = Float64Array.from(model.weights.get(name) ?? []);
        values[index] = (values[index] ?? 0) + step;
        return objective({ ...model, weights: new Map(model.weights).set(name, values) }, 3);
      };
      const slope = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
      const change = (state.weights.get(name)?.[index] ?? 0) - (model.weights.get(name)?.[index] ?? 0);
      expect(-change, name).toBeCloseTo(slope, 7);
    }
  });

  test.each([
    ["reference", () => createReferenceEngine()],
    ["wasm", () => createWasmEngine()],
  ] as const)("written in TensorFlow.js it trains as the one written by hand, on %s", async (_, create) => {
    const device = await create();
    const told: number[] = [];
    const options = { model, source, engine: device, steps: 8, optimizer: { learningRate: 0.01 } };
    const byHand = await train({ ...options, auxiliary: [product(2)] });
    const inTfjs = await train({
      ...options,
      auxiliary: [sameInTfjs(2)],
      onStep: ({ auxiliary = Number.NaN }) => void told.push(auxiliary),
    });
    for (const [name, values] of byHand.state.weights) {
      // Its gradient is 0 but for rounding, since softmax does not see it, and AdamW makes steps of full size of rounding.
      if (name.endsWith("b_K")) continue;
      expect(largestError(inTfjs.state.weights.get(name) ?? [], values), name).toBeLessThan(1e-5);
    }
    expect(told).toHaveLength(8);
    expect(told.every(Number.isFinite)).toBe(true);
    const plain = await train(options);
    expect(
      largestError(plain.state.weights.get("embed.W_E") ?? [], byHand.state.weights.get("embed.W_E") ?? []),
    ).toBeGreaterThan(1e-3);
    device.dispose();
  });

  test("weight 0 trains as without it, to rounding; the loss that is told is the cross-entropy alone", async () => {
    const options = { model, source, engine, steps: 5, optimizer: { learningRate: 0.01 } };
    const [plain, zero] = [await train(options), await train({ ...options, auxiliary: [sameInTfjs(0)] })];
    expect(largestError(zero.state.history.loss, plain.state.history.loss)).toBeLessThan(1e-12);
  });

  test("interrupted and resumed it is the same run", async () => {
    const options = { model, source, engine, steps: 6, optimizer: { learningRate: 0.01 }, auxiliary: [product(1)] };
    const whole = await train(options);
    const abort = new AbortController();
    const half = await train({
      ...options,
      signal: abort.signal,
      onStep: ({ step }) => {
        if (step === 3) abort.abort();
      },
    });
    expect((await train({ ...options, resumeFrom: half.state })).state).toEqual(whole.state);
  });
});

// The worked example of the guide: two features that probes found, driven apart in correlation.
test("a decorrelation penalty between two directions lowers their correlation and leaves the loss", async () => {
  const directions = [
    [1, 0, 0.5, 0],
    [0.8, 0.6, 0, 0],
  ];
  const correlation = (x: tf.Tensor): tf.Scalar => {
    const flat = tf.reshape(x, [-1, 4]);
    const [p, q] = directions.map((direction) => {
      const along = tf.matMul(flat, tf.tensor2d(direction, [4, 1])) as tf.Tensor;
      return tf.sub(along, tf.mean(along));
    });
    if (p === undefined || q === undefined) throw new Error("two directions");
    const covariance = tf.mean(tf.mul(p, q));
    const variance = tf.mul(tf.mean(tf.square(p)), tf.mean(tf.square(q)));
    return tf.div(tf.square(covariance), tf.add(variance, 1e-6)) as tf.Scalar;
  };
  const measured = async (its: Transformer): Promise<number> => {
    const { captured } = await run(its, {
      tokens: tokens.filter((_, i) => i % 4 < 3),
      length: 3,
      engine,
      capture: [hook],
    });
    const { values, shape } = captured[hook];
    return (await correlation(tf.tensor(Float32Array.from(values), [...shape])).data())[0] ?? Number.NaN;
  };
  const options = { model, source: fixed, engine, steps: 60, optimizer: { learningRate: 0.02 } };
  const plain = await train(options);
  const apart = await train({ ...options, auxiliary: [auxiliaryLoss({ tf, at: hook, loss: correlation, weight: 1 })] });
  expect(await measured(plain.model)).toBeGreaterThan(0.1);
  expect(await measured(apart.model)).toBeLessThan(0.01);
  expect((apart.state.history.loss.at(-1) ?? 1) - (plain.state.history.loss.at(-1) ?? 0)).toBeLessThan(0.1);
});

describe("refusals", () => {
  const options = { model, source, engine, steps: 2, optimizer: { learningRate: 0.01 } };
  test("no hook point, an infinite weight, an unknown hook point, two losses at one point", async () => {
    expect(() => auxiliaryLoss({ tf, at: [], loss: () => tf.scalar(0) })).toThrow(InvalidArgumentError);
    expect(() => auxiliaryLoss({ tf, at: hook, loss: () => tf.scalar(0), weight: Number.NaN })).toThrow(
      /weight is NaN/,
    );
    await expect(train({ ...options, auxiliary: [product(1), product(1)] })).rejects.toThrow(
      /two auxiliary losses read/,
    );
    const elsewhere = { ...product(1), at: ["blocks.9.hook_resid_mid"] as const };
    await expect(train({ ...options, auxiliary: [elsewhere] })).rejects.toThrow(/no hook point "blocks\.9/);
  });

  test("a loss that is not finite ends the run with the step and the place", async () => {
    const broken = auxiliaryLoss({ tf, at: hook, loss: (x) => tf.log(tf.mul(tf.sum(tf.square(x)), 0)) as tf.Scalar });
    const run_ = train({ ...options, auxiliary: [broken] });
    await expect(run_).rejects.toThrow(NotConvergedError);
    await expect(run_).rejects.toThrow(/step 1.*blocks\.1\.hook_resid_mid is -Infinity/s);
  });

  test("a loss that is not one number, whose sum TensorFlow.js would differentiate", async () => {
    const given = (loss: (x: tf.Tensor) => tf.Scalar) =>
      train({ ...options, auxiliary: [auxiliaryLoss({ tf, at: hook, loss })] });
    await expect(given((x) => tf.mean(x, 0) as tf.Scalar)).rejects.toThrow(ShapeError);
    await expect(given((x) => tf.mean(x, 0) as tf.Scalar)).rejects.toThrow("the loss is a tensor of shape [3, 4]");
    const before = tf.memory().numTensors;
    await expect(given(() => JSON.parse("3"))).rejects.toThrow("the loss is 3");
    await expect(given(() => JSON.parse("null"))).rejects.toThrow("the loss is null");
    // One element in any shape is a number.
    await given((x) => tf.reshape(tf.mean(tf.square(x)), [1, 1]) as unknown as tf.Scalar);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("micro-batches", async () => {
    await expect(train({ ...options, accumulate: 2, auxiliary: [product(1)] })).rejects.toThrow(UnsupportedError);
  });
});

test("an intervention acts in every step of training", async () => {
  const options = { model, source: fixed, engine, steps: 1, optimizer: sgd };
  const steer = { hook, vector: [1, -1, 0.5, 2], scale: 2 } as const;
  const { state } = await train({ ...options, interventions: [steer] });
  const plain = await train(options);
  expect(state.history.loss[0]).not.toBe(plain.state.history.loss[0]);
  // Adding a constant vector is what the bias before it does: the same loss from a model with that bias.
  const b = Float64Array.from(
    model.weights.get("blocks.1.attn.b_O") ?? [],
    (value, i) => value + 2 * (steer.vector[i] ?? 0),
  );
  const shifted = { ...model, weights: new Map(model.weights).set("blocks.1.attn.b_O", b) };
  const same = await train({ ...options, model: shifted });
  expect(state.history.loss[0]).toBeCloseTo(same.state.history.loss[0] ?? 0, 12);
  expect(largestError(state.weights.get("embed.W_E") ?? [], same.state.weights.get("embed.W_E") ?? [])).toBeLessThan(
    1e-12,
  );
});
