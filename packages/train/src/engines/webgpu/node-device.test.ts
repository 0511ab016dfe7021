import { createKey, mess3 } from "@semifactor/ghmm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processSource } from "../../data/process-source.ts";
import { train } from "../../loop/train.ts";
import { createTransformer } from "../../model/transformer.ts";
import type { Plan } from "../../plan/types.ts";
import { DeviceLostError } from "../device-lost-error.ts";
import { nodeEngine } from "./_testing/node-engine.ts";
import { bufferUsage, mapModeRead } from "./constants.ts";
import { pipelinesOf } from "./pipelines.ts";
import { planDispatches } from "./plan-dispatches.ts";
import type { WebgpuEngine } from "./webgpu-engine.ts";

const first = await nodeEngine();
const found = typeof first !== "string";
if (!found) process.stderr.write(`skipped: a device in Node: ${first}\n`);
else first.dispose();

/** Copies `x` [4] of every shard to `y`, doubled, and sums `y` over shards into `total`. */
const plan: Plan = {
  replicas: 2,
  shards: 2,
  regionLengths: { shared: 16, shard: 48, workspace: 16 },
  buffers: new Map([
    ["x", { name: "x", region: "shard", offset: 16, length: 4, shape: [4], type: "f32" }],
    ["ids", { name: "ids", region: "shard", offset: 32, length: 3, shape: [3], type: "i32" }],
    ["total", { name: "total", region: "shared", offset: 0, length: 4, shape: [4], type: "f32" }],
  ]),
  constants: [{ buffer: "ids", values: [7, -1, 2 ** 31 - 1] }],
  phases: {
    forward: {
      perShard: [{ kernel: "scale", args: [{ region: "shard", offset: 16 }, 4, 2] }],
      shared: [
        { kernel: "reduce_shards", args: [{ region: "shard", offset: 16 }, 48, { region: "shared", offset: 0 }, 2, 4] },
      ],
    },
  },
};
const x = Float32Array.from({ length: 16 }, (_, i) => i);
const totals = [8, 12, 16, 20, 40, 44, 48, 52];

describe.skipIf(!found)("a device in Node", () => {
  let engine: WebgpuEngine;
  beforeAll(async () => {
    const created = await nodeEngine();
    if (typeof created === "string") throw new Error(created);
    engine = created;
  });
  afterAll(() => engine.dispose(), 60_000);

  test("sums over the shards of each replica; constants are there from the start", async () => {
    engine.upload(plan, "x", x);
    await engine.execute(plan, "forward");
    expect([...(await engine.download(plan, "total"))]).toEqual(totals);
    expect([...(await engine.download(plan, "ids"))]).toEqual([1, 2, 3, 4].flatMap(() => [7, -1, 2 ** 31 - 1]));
  });

  test("downloads that overlap each other and later steps have the values of their time", async () => {
    engine.upload(plan, "x", x);
    const before = engine.download(plan, "x");
    await engine.execute(plan, "forward");
    const [after, total, wide] = [
      engine.download(plan, "x"),
      engine.download(plan, "total"),
      engine.download(plan, "x", new Float64Array(16)),
    ];
    await engine.execute(plan, "forward");
    expect([...(await before)]).toEqual([...x]);
    expect([...(await after)]).toEqual([...x].map((value) => 2 * value));
    expect([...(await total)]).toEqual(totals);
    expect(await wide).toBeInstanceOf(Float64Array);
  });

  test("a plan that is released while a download is under way still gives it", async () => {
    engine.upload(plan, "x", x);
    const pending = engine.download(plan, "x");
    engine.release(plan);
    expect([...(await pending)]).toEqual([...x]);
    expect([...(await engine.download(plan, "x"))]).toEqual(new Array(16).fill(0));
  });

  test("bufferOf says where every copy of a buffer lies", async () => {
    engine.upload(plan, "x", x);
    const { gpuBuffer, byteOffset, byteLength, copies, copyStride } = engine.bufferOf(plan, "x");
    const device = engine.gpuDevice;
    const read = device.createBuffer({ size: copies * byteLength, usage: bufferUsage.mapRead | bufferUsage.copyDst });
    const encoder = device.createCommandEncoder();
    for (let copy = 0; copy < copies; copy++) {
      encoder.copyBufferToBuffer(gpuBuffer, byteOffset + copy * copyStride, read, copy * byteLength, byteLength);
    }
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(mapModeRead);
    expect([...new Float32Array(read.getMappedRange())]).toEqual([...x]);
    read.destroy();
  });

  test("an error in a shader is told with the kernel, the message and the line", async () => {
    const variant = { gemm: "register-tiles", subgroups: false, storage: "f32" } as const;
    const [dispatch] = planDispatches(plan, variant).get("forward") ?? [];
    if (dispatch === undefined) throw new Error("no dispatch");
    const broken = { ...dispatch, pass: { ...dispatch.pass, body: "let wrong = nonsense(p.n);" }, passIndex: 9 };
    await expect(pipelinesOf(engine.gpuDevice).pipelineOf(broken, variant)).rejects.toThrow(
      /kernel scale: .*nonsense.* in "let wrong = nonsense\(p\.n\);"/,
    );
    await engine.execute(plan, "forward");
  });

  test("a lost device fails pending and later calls, and restore gets another", async () => {
    await engine.execute(plan, "forward");
    const pending = engine.download(plan, "x");
    engine.gpuDevice.destroy();
    await expect(pending).rejects.toThrow(DeviceLostError);
    expect(() => engine.execute(plan, "forward")).toThrow(DeviceLostError);
    await engine.restore();
    engine.upload(plan, "x", x);
    await engine.execute(plan, "forward");
    expect([...(await engine.download(plan, "total"))]).toEqual(totals);
  });

  test("training goes on after a loss and ends with the same bits", async () => {
    const source = processSource({ process: mess3({ x: 0.15, a: 0.6 }), length: 4, batchSize: 4, key: createKey(0) });
    const model = createTransformer({ nLayers: 1, dModel: 8, nHeads: 2, nCtx: 4, vocabularySize: 3 });
    const options = { model, source, optimizer: { learningRate: 1e-2 }, steps: 8, metricsEvery: 1, engine };
    const whole = await train(options);
    const onStep = ({ step }: { readonly step: number }): void => {
      if (step === 5) engine.gpuDevice.destroy();
    };
    const lost = await train({ ...options, onStep, checkpoint: { every: 2, save: () => undefined } });
    expect(lost.recoveries).toBeGreaterThan(0);
    expect(lost.state.weights).toEqual(whole.state.weights);
  }, 300_000);
});
