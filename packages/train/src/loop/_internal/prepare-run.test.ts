import { describe, expect, test } from "vitest";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { optimizerSegments } from "../../plan/trainable.ts";
import { mess3Replica } from "../_testing/hidden-markov.ts";
import { tinyModel, tinyRun } from "../_testing/tiny-run.ts";
import type { DecaySpec } from "../decay.ts";
import type { LoopOptions } from "../train-options.ts";
import { prepareRun } from "./prepare-run.ts";

const reference = createReferenceEngine();

test("how often metrics are read back depends on the device and on accumulation", () => {
  const slots = (device: Engine["device"], options: Partial<LoopOptions> = {}) =>
    prepareRun({ engine: { ...reference, device }, steps: 1, ...options }, [mess3Replica(1)], "test").slots;
  expect(slots("wasm")).toBe(0);
  expect(slots("native")).toBe(0);
  expect(slots("webgpu")).toBe(16);
  expect(slots("webgpu", { metricsEvery: 1 })).toBe(1);
  expect(slots("wasm", { metricsEvery: 5 })).toBe(5);
  expect(slots("webgpu", { accumulate: 2 })).toBe(0);
});

test("a device that samples is asked to by default on webgpu only, and not while it accumulates", () => {
  const samples = (device: Engine["device"], options: Partial<LoopOptions> = {}) =>
    prepareRun({ engine: { ...reference, device }, steps: 1, ...options }, [mess3Replica(1)], "test").plan.phases
      .sample !== undefined;
  expect([samples("webgpu"), samples("wasm"), samples("native"), samples("reference")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(samples("webgpu", { sampleOnDevice: false })).toBe(false);
  expect(samples("wasm", { sampleOnDevice: true })).toBe(true);
  expect(samples("webgpu", { accumulate: 2 })).toBe(false);
});

describe("what is compiled", () => {
  test("replicas, algorithm, accumulation and slots", () => {
    const optimizer = { learningRate: 1, algorithm: "sgd" } as const;
    const replicas = [1, 2].map((seed) => ({ ...mess3Replica(seed), optimizer }));
    const { plan } = prepareRun({ engine: reference, steps: 1, accumulate: 3, shards: 4 }, replicas, "test");
    expect([plan.replicas, plan.shards]).toEqual([2, 4]);
    expect(plan.phases.accumulate).toBeDefined();
    const kernels = new Set(plan.phases.update?.shared.map(({ kernel }) => kernel));
    expect([kernels.has("sgd"), kernels.has("adamw")]).toEqual([true, false]);
    expect(plan.buffers.has("metrics")).toBe(false);
    const slots = prepareRun({ engine: reference, steps: 1, metricsEvery: 7 }, [mess3Replica(1)], "test").plan;
    expect(slots.buffers.get("metrics")?.shape).toEqual([7, 2]);
  });

  test("adapters are trained where there are some, all parameters otherwise; decay groups reach the optimizer", () => {
    const runs = (decay: DecaySpec, model = tinyModel) => {
      const { trainable: _, ...options } = tinyRun;
      const replica = { ...options, model, optimizer: { learningRate: 1, decay } };
      const { trainable } = prepareRun(options, [replica], "test").plan;
      if (trainable === undefined) throw new Error("nothing is trained");
      return { names: trainable.runs.map(({ parameter }) => parameter), segments: optimizerSegments(trainable) };
    };
    expect(runs("matrices").names).toEqual(["blocks.0.mlp.W_out.lora_A", "blocks.0.mlp.W_out.lora_B"]);
    expect(runs("none").segments.map(({ decay }) => decay)).toEqual([false]);
    const weights = new Map([...tinyModel.weights].filter(([name]) => !name.includes("lora")));
    const bare = { ...tinyModel, adapters: [], weights };
    expect(runs("matrices", bare).names).toEqual(expect.arrayContaining([...weights.keys()]));
    expect(runs("matrices", bare).segments.map(({ decay }) => decay)).toEqual([true, false]);
    expect(runs("all", bare).segments.map(({ decay }) => decay)).toEqual([true]);
  });

  test("weights of the targets add up to 1 over the micro-batches of a step", async () => {
    const { stepper, weights, plan } = prepareRun({ engine: reference, steps: 2, accumulate: 3 }, [tinyRun], "test");
    stepper.start([{ weights: tinyModel.weights }]);
    await stepper.run(1);
    const all = weights().flatMap((part) => [...part]);
    expect(all).toHaveLength(3 * 24);
    expect(all.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    reference.release(plan);
  });
});
