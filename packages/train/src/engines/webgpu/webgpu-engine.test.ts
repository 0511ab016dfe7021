import { createKey, InvalidArgumentError, mess3, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { processSource } from "../../data/process-source.ts";
import { train } from "../../loop/train.ts";
import { createTransformer } from "../../model/transformer.ts";
import { compilePlan } from "../../plan/compile.ts";
import type { KernelCall, Plan } from "../../plan/types.ts";
import { DeviceLostError } from "../device-lost-error.ts";
import { createNullGpuDevice, type NullGpuDevice } from "./null-device.ts";
import { createWebgpuEngine } from "./webgpu-engine.ts";

/** A plan that doubles `x` [8] in every shard and sums it over shards into `y`. */
function smallPlan(replicas = 2, shards = 3, change: Partial<Plan> = {}): Plan {
  const x = { region: "shard", offset: 16 } as const;
  const y = { region: "shared", offset: 0 } as const;
  const perShard: KernelCall[] = [{ kernel: "scale", args: [x, 8, 2] }];
  const shared: KernelCall[] = [{ kernel: "reduce_shards", args: [x, 32, y, shards, 8] }];
  return {
    replicas,
    shards,
    regionLengths: { shared: 16, shard: 32, workspace: 16 },
    buffers: new Map([
      ["x", { name: "x", region: "shard", offset: 16, length: 8, shape: [8], type: "f32" }],
      ["y", { name: "y", region: "shared", offset: 0, length: 8, shape: [8], type: "f32" }],
      ["w", { name: "w", region: "workspace", offset: 0, length: 8, shape: [8], type: "f32" }],
    ]),
    constants: [],
    phases: { forward: { perShard, shared } },
    ...change,
  };
}

const devices = (
  change: (device: NullGpuDevice) => object = () => ({}),
  limits: Readonly<Record<string, number>> = {},
): NullGpuDevice => {
  const device = createNullGpuDevice(limits);
  return Object.assign(device, change(device));
};

describe("one phase", () => {
  test("is one submission, one dispatch per call whatever the copies, and compiles once", async () => {
    const device = createNullGpuDevice();
    const engine = await createWebgpuEngine({ device });
    const plan = smallPlan();
    await engine.execute(plan, "forward");
    expect(device.counts).toMatchObject({ dispatches: 2, submits: 1, pipelines: 2 });
    expect(engine.execute(plan, "forward")).toBeUndefined();
    await engine.execute(smallPlan(5, 1), "forward");
    expect(device.counts).toMatchObject({ dispatches: 6, submits: 3, pipelines: 2 });
  });

  test("every eighth time, waits until the device has done what was submitted eight times before", async () => {
    const fences: (() => void)[] = [];
    const device = devices(({ queue }) => ({
      queue: Object.assign(queue, { onSubmittedWorkDone: () => new Promise<void>((done) => fences.push(done)) }),
    }));
    const engine = await createWebgpuEngine({ device });
    const plan = smallPlan();
    await engine.execute(plan, "forward");
    const waits: number[] = [];
    for (let i = 1; i <= 16; i++) {
      const wait = engine.execute(plan, "forward");
      if (wait !== undefined) waits.push(i);
      if (i === 16) {
        await expect(Promise.race([wait, new Promise((r) => setTimeout(r, 5, "waits"))])).resolves.toBe("waits");
        fences[0]?.();
      }
      await wait;
    }
    expect([waits, fences.length]).toEqual([[8, 16], 2]);
  });

  test("while it is being started, other calls are refused", async () => {
    const engine = await createWebgpuEngine({ device: createNullGpuDevice() });
    const plan = smallPlan();
    const first = engine.execute(plan, "forward");
    expect(() => engine.upload(plan, "x", new Float32Array(48))).toThrow(/Await the promise of execute/);
    await first;
    engine.upload(plan, "x", new Float32Array(48));
  });
});

describe("dispatches of a training step", () => {
  const countOf = async (nLayers: number): Promise<number> => {
    const device = createNullGpuDevice();
    const engine = await createWebgpuEngine({ device });
    const source = processSource({
      process: mess3({ x: 0.15, a: 0.6 }),
      length: 16,
      batchSize: 128,
      key: createKey(0),
    });
    const model = createTransformer({ nLayers, dModel: 64, nHeads: 4, nCtx: 16, vocabularySize: 3 });
    const optimizer = { learningRate: 1e-3, clip: 1 };
    const counts: number[] = [];
    await train({
      model,
      source,
      engine,
      optimizer,
      steps: 8,
      metricsEvery: 1,
      onStep: () => void counts.push(device.counts.dispatches),
    });
    const [before = 0, after = 0] = [counts[5], counts[6]];
    return after - before;
  };

  test("are at most 35 per layer and 30", async () => {
    const [one, two, three] = [await countOf(1), await countOf(2), await countOf(3)];
    for (const [i, count] of [one, two, three].entries()) expect(count).toBeLessThanOrEqual(35 * (i + 1) + 30);
    expect(three - two).toBe(two - one);
    expect(two - one).toBeGreaterThan(20);
  });
});

describe("memory", () => {
  test("is the sum of the buffers that are created, and is given back", async () => {
    const device = createNullGpuDevice();
    const engine = await createWebgpuEngine({ device });
    const model = createTransformer({ nLayers: 2, dModel: 8, nHeads: 2, nCtx: 5, vocabularySize: 3 });
    const plans = [
      smallPlan(),
      smallPlan(1, 1, { phases: {} }),
      compilePlan({ config: model.config, batch: 6, length: 5, trainable: "all", shards: 3, replicas: 2 }),
    ];
    for (const plan of plans) {
      const before = device.counts.bufferBytes;
      for (const phase of ["forward", "step"] as const) if (plan.phases[phase]) await engine.execute(plan, phase);
      for (const [name, { region }] of plan.buffers) if (region !== "workspace") await engine.download(plan, name);
      expect(device.counts.bufferBytes - before).toBe(engine.memory(plan));
    }
    for (const plan of plans) engine.release(plan);
    expect(device.counts.bufferBytes).toBe(0);
  });

  test("a region past the device's limit is refused with both numbers, before anything is created", async () => {
    const device = devices(undefined, { maxStorageBufferBindingSize: 512 });
    const engine = await createWebgpuEngine({ device });
    const message = /UnsupportedError.*768 bytes in the region "shard", and the device can bind 512/;
    expect(() => String(engine.execute(smallPlan(), "forward"))).toThrow(UnsupportedError);
    for (const call of [() => engine.execute(smallPlan(), "forward"), () => engine.memory(smallPlan())]) {
      let caught: unknown;
      try {
        call();
      } catch (error) {
        caught = error;
      }
      expect(String(caught)).toMatch(message);
    }
    expect(device.counts).toMatchObject({ bufferBytes: 0, submits: 0 });
  });

  test("a device without the memory is named with the bytes, and the plan is forgotten", async () => {
    let refuse = true;
    const device = devices(() => ({
      popErrorScope: () => Promise.resolve(refuse ? { message: "no memory left" } : null),
    }));
    const engine = await createWebgpuEngine({ device });
    const plan = smallPlan();
    const bytes = engine.memory(plan);
    await expect(Promise.resolve(engine.execute(plan, "forward"))).rejects.toThrow(
      new RegExp(`no memory for the ${bytes} bytes of the plan \\(no memory left\\)`),
    );
    expect(device.counts.bufferBytes).toBe(0);
    refuse = false;
    await engine.execute(plan, "forward");
  });

  test("more copies than a dispatch has workgroups are refused", async () => {
    const engine = await createWebgpuEngine({ device: createNullGpuDevice() });
    expect(() => engine.upload(smallPlan(70000, 1), "x", new Float32Array(560000))).toThrow(
      /the kernel scale needs 1 x 1 x 70000 workgroups, more than 65535/,
    );
  });
});

describe("misuse", () => {
  test("has the errors of the other engines", async () => {
    const engine = await createWebgpuEngine({ device: createNullGpuDevice() });
    const plan = smallPlan();
    expect(() => engine.execute(plan, "step")).toThrow('the plan has no phase "step"');
    expect(() => engine.upload(plan, "z", [])).toThrow('the plan has no buffer "z"');
    expect(() => engine.upload(plan, "w", [])).toThrow('the buffer "w" is in the workspace');
    expect(() => engine.upload(plan, "x", [1])).toThrow('the array for the buffer "x" has 1 elements');
    await expect(engine.download(plan, "y", new Float32Array(3))).rejects.toThrow("Give 16: 2 x [8]");
    engine.dispose();
    engine.dispose();
    expect(() => engine.execute(plan, "forward")).toThrow("the engine has been disposed");
    await expect(engine.download(plan, "y")).rejects.toThrow("the engine has been disposed");
    await expect(engine.restore()).rejects.toThrow("the engine has been disposed");
  });

  test("an error that the device reports on its own surfaces at the next call, once", async () => {
    const events = new EventTarget();
    const device = devices(() => ({ addEventListener: events.addEventListener.bind(events) }));
    const engine = await createWebgpuEngine({ device });
    const plan = smallPlan();
    await engine.execute(plan, "forward");
    events.dispatchEvent(Object.assign(new Event("uncapturederror"), { error: { message: "bad binding" } }));
    expect(() => engine.execute(plan, "forward")).toThrow("the device reported: bad binding");
    await engine.execute(plan, "forward");
  });

  test.each([
    [{ gemm: "tiles" }, 'gemm is "tiles". Use "auto" or "shared-tiles" or "register-tiles"'],
    [{ subgroups: "yes" }, 'subgroups is "yes". Use false or true'],
    [{ storage: "bf16" }, 'storage is "bf16". Use "f32" or "f16"'],
  ])("a variant that there is not: %j", async (wrong, message) => {
    const created = createWebgpuEngine({ device: createNullGpuDevice(), ...JSON.parse(JSON.stringify(wrong)) });
    await expect(created).rejects.toThrow(InvalidArgumentError);
    await expect(created).rejects.toThrow(message);
  });

  test("a device that was given lacks what is asked for", async () => {
    const device = createNullGpuDevice();
    await expect(createWebgpuEngine({ device, storage: "f16" })).rejects.toThrow("null has no shader-f16");
    await expect(createWebgpuEngine({ device, subgroups: true })).rejects.toThrow("null has no subgroups");
  });
});

describe("a lost device", () => {
  const losing = () => {
    let lose: (info: { reason: string; message: string }) => void = () => undefined;
    const lost = new Promise((resolve) => {
      lose = resolve;
    });
    return { device: devices(() => ({ lost })), lose: () => lose({ reason: "unknown", message: "gone" }) };
  };

  test("fails what is pending and what comes later; another is got, with every plan forgotten", async () => {
    const { device, lose } = losing();
    const next = createNullGpuDevice();
    const made = [device, next];
    const adapter = {
      info: device.adapterInfo,
      limits: device.limits,
      features: device.features,
      requestDevice: async () => made.shift(),
    };
    const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
    const engine = await createWebgpuEngine({ gpu });
    const plan = smallPlan();
    await engine.execute(plan, "forward");
    const never = devices(() => ({}));
    expect(never.counts.submits).toBe(0);
    lose();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(() => engine.execute(plan, "forward")).toThrow(DeviceLostError);
    expect(() => engine.upload(plan, "x", new Float32Array(48))).toThrow(/gone.*engine\.restore\(\)/);
    await expect(engine.download(plan, "y")).rejects.toThrow(DeviceLostError);
    await engine.restore();
    expect(engine.gpuDevice).toBe(next);
    await engine.execute(plan, "forward");
    expect(next.counts).toMatchObject({ submits: 1, bufferBytes: engine.memory(plan) });
  });

  test("a device that was given cannot be replaced", async () => {
    const { device, lose } = losing();
    const engine = await createWebgpuEngine({ device });
    lose();
    await expect(engine.restore()).rejects.toThrow("the device was given (null)");
  });
});
