import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import type { PhaseName, Plan } from "../../plan/types.ts";
import { checkTransferLength, copies, transferableBuffer } from "../_internal/transfer.ts";
import type { Engine, EngineArray } from "../engine.ts";
import { type DeviceWatch, watchDevice } from "./device-watch.ts";
import { download } from "./download.ts";
import { type LoadedPlan, loadPlan, type ReadyDispatch } from "./loaded-plan.ts";
import { checkPlanFits, planBytes } from "./plan-buffers.ts";
import { adapterName, type DeviceOptions, type RequestedDevice, requestDevice } from "./request-device.ts";
import { upload } from "./upload.ts";
import type { WebgpuVariant } from "./webgpu-kernel.ts";

/** Options of {@link createWebgpuEngine}. */
export interface WebgpuEngineOptions extends DeviceOptions {
  /** How matrix products are computed; `auto` (default) uses tiles in workgroup memory on a GPU and register tiles on a software adapter. */
  readonly gemm?: "auto" | WebgpuVariant["gemm"];
}

/** Where a buffer of a plan lies on the device. */
export interface DeviceBuffer {
  /** The buffer of its region. */
  readonly gpuBuffer: GPUBuffer;
  /** Byte of its first copy. */
  readonly byteOffset: number;
  /** Bytes of one copy. */
  readonly byteLength: number;
  /** Number of copies: replicas, times shards in the region `shard`. */
  readonly copies: number;
  /** Bytes from one copy to the next. */
  readonly copyStride: number;
}

/** An engine on a WebGPU device. */
export interface WebgpuEngine extends Engine {
  readonly device: "webgpu";
  /** The device; another one after `restore`. */
  readonly gpuDevice: GPUDevice;
  readonly adapterInfo: GPUAdapterInfo;
  /** Where a buffer lies, for code that works on the same device; nothing is copied. Good until the plan is released or the device is lost. */
  bufferOf(plan: Plan, buffer: string): DeviceBuffer;
  restore(): Promise<void>;
}

/** Steps that may be under way before `execute` waits: enough that the device never idles, and few enough that the memory of their commands is small. */
const stepsBetweenFences = 8;

function variantName({ info, software }: RequestedDevice, variant: WebgpuVariant): string {
  const adapter = software ? info.architecture || info.vendor || "software" : `${info.vendor} ${info.architecture}`;
  const parts = [
    ...["webgpu", adapter.trim() || "unnamed", variant.gemm],
    ...(variant.subgroups ? ["subgroups"] : []),
    ...(variant.storage === "f16" ? ["f16"] : []),
  ];
  return parts.map((part) => part.toLowerCase().replace(/[^a-z0-9]+/g, "-")).join("-");
}

/** Refuses what no variant is called: the name of a variant is what a run is repeated by. */
function checkVariant({ gemm = "auto", subgroups = false, storage = "f32" }: WebgpuEngineOptions): void {
  const choices = [
    ["gemm", gemm, ["auto", "shared-tiles", "register-tiles"]],
    ["subgroups", subgroups, [false, true]],
    ["storage", storage, ["f32", "f16"]],
  ] as const;
  for (const [name, value, known] of choices) {
    if (known.some((choice) => choice === value)) continue;
    throw new InvalidArgumentError({
      source: "createWebgpuEngine",
      problem: `${name} is ${JSON.stringify(value)}`,
      remedy: `Use ${known.map((choice) => JSON.stringify(choice)).join(" or ")}`,
    });
  }
}

/**
 * Creates the engine on WebGPU: every kernel in WGSL, float32, one submission per phase, all replicas and shards of a call in one dispatch.
 *
 * It uses `navigator.gpu` where there is one and the optional package `webgpu` in Node. `execute` encodes and submits, and returns before the device is done; it
 * returns a promise where it compiles (the first time that a plan's phase runs) or where the device is several steps behind. Nothing is added atomically, so equal
 * variant, plan and data give bit-identical results. `memory` is the sum of the buffers that a plan gets; a download beyond 16 MiB, or one that begins while another is
 * under way, takes a buffer of its size for as long as it takes.
 *
 * @throws UnsupportedError if there is no WebGPU, no adapter, or the adapter lacks what the options ask for; later also, before anything runs, if a plan is past a
 * limit of the device or its memory
 * @throws InvalidArgumentError if `gemm`, `subgroups` or `storage` is none of its values
 * @throws DeviceLostError from `execute`, `upload` and `download` once the device is lost, until `restore` has got another
 * @example
 * ```ts
 * import { compilePlan, createNullGpuDevice, createTransformer, createWebgpuEngine } from "@semifactor/train";
 *
 * // On a device that only counts: the plan's memory is known before it is taken.
 * const device = createNullGpuDevice();
 * const engine = await createWebgpuEngine({ device });
 * const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const plan = compilePlan({ config, batch: 4, length: 3 });
 * await engine.execute(plan, "forward");
 * expect(device.counts.submits).toBe(1);
 * expect(device.counts.bufferBytes).toBe(engine.memory(plan));
 * engine.dispose();
 * ```
 */
export async function createWebgpuEngine(options: WebgpuEngineOptions = {}): Promise<WebgpuEngine> {
  checkVariant(options);
  const requested = await requestDevice(options);
  const gemm = options.gemm ?? "auto";
  const variant: WebgpuVariant = {
    gemm: gemm !== "auto" ? gemm : requested.software ? "register-tiles" : "shared-tiles",
    subgroups: options.subgroups ?? false,
    storage: options.storage ?? "f32",
  };
  return webgpuEngine(options, requested, variant);
}

function webgpuEngine(options: DeviceOptions, requested: RequestedDevice, variant: WebgpuVariant): WebgpuEngine {
  let current = requested;
  let watch: DeviceWatch = watchDevice(current.device);
  let plans = new Map<Plan, LoadedPlan>();
  let state: "idle" | "running" | "disposed" = "idle";
  let steps = 0;
  let fence: Promise<void> = Promise.resolve();

  const checkState = (source: string): void => {
    if (state === "idle") {
      watch.check(source);
      return;
    }
    const disposed = state === "disposed";
    throw new UnsupportedError({
      source,
      problem: disposed ? "the engine has been disposed" : "a phase is still being started",
      remedy: disposed ? "Create another engine" : "Await the promise of execute first",
    });
  };

  const load = (source: string, plan: Plan): LoadedPlan => {
    checkState(source);
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const loaded = loadPlan(current.device, plan, variant);
    plans.set(plan, loaded);
    return loaded;
  };

  const submit = (loaded: LoadedPlan, dispatches: readonly ReadyDispatch[]): void => {
    const encoder = current.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    let last: GPUComputePipeline | undefined;
    for (const { pipeline, slot, workgroups } of dispatches) {
      if (pipeline !== last) pass.setPipeline(pipeline);
      last = pipeline;
      pass.setBindGroup(0, loaded.bindGroup, loaded.slotOffsets, slot, 1);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    current.device.queue.submit([encoder.finish()]);
  };

  /** Runs `work` with the engine closed to other calls. */
  const exclusively = async (work: () => Promise<void>): Promise<void> => {
    state = "running";
    try {
      await watch.whileThere("Engine.execute", work());
    } finally {
      if (state === "running") state = "idle";
    }
  };

  const checkPhase = (plan: Plan, phase: PhaseName): void => {
    if (plan.phases[phase] !== undefined) return;
    throw new UnsupportedError({
      source: "Engine.execute",
      problem: `the plan has no phase "${phase}"`,
      remedy: `Compile it with what the phase needs; it has: ${Object.keys(plan.phases).join(", ")}`,
    });
  };

  /** Every few steps: a promise of the time when the device has done all up to the fence before. */
  const backPressure = (): Promise<void> | void => {
    if (++steps % stepsBetweenFences !== 0) return;
    const previous = fence;
    fence = current.device.queue.onSubmittedWorkDone();
    fence.catch(() => undefined);
    return exclusively(() => previous);
  };

  const prepare = async (plan: Plan, loaded: LoadedPlan, phase: PhaseName): Promise<void> => {
    try {
      await loaded.allocated;
    } catch (error) {
      plans.delete(plan);
      loaded.destroy();
      throw error;
    }
    const dispatches = await loaded.compile(phase);
    if (state !== "disposed") submit(loaded, dispatches);
  };

  return {
    device: "webgpu",
    variant: variantName(requested, variant),
    threads: 1,
    get gpuDevice() {
      return current.device;
    },
    get adapterInfo() {
      return current.info;
    },
    execute(plan, phase) {
      const loaded = load("Engine.execute", plan);
      checkPhase(plan, phase);
      const dispatches = loaded.ready.get(phase);
      if (dispatches === undefined) return exclusively(() => prepare(plan, loaded, phase));
      submit(loaded, dispatches);
      return backPressure();
    },
    upload(plan, buffer, data) {
      const { regions } = load("Engine.upload", plan);
      const spec = transferableBuffer("Engine.upload", plan, buffer);
      checkTransferLength("Engine.upload", plan, spec, data.length);
      upload(current.device.queue, regions, plan, spec, data);
    },
    async download(plan, buffer, out) {
      const loaded = load("Engine.download", plan);
      const spec = transferableBuffer("Engine.download", plan, buffer);
      const length = spec.length * copies(plan, spec);
      const result: EngineArray = out ?? (spec.type === "i32" ? new Int32Array(length) : new Float32Array(length));
      checkTransferLength("Engine.download", plan, spec, result.length);
      await watch.whileThere("Engine.download", download(current.device, loaded, plan, spec, result));
      if (state !== "disposed") watch.check("Engine.download");
      return result;
    },
    memory(plan) {
      checkPlanFits(plan, variant, current.device.limits);
      return planBytes(plan, variant, current.device.limits).total;
    },
    bufferOf(plan, buffer) {
      const { regions } = load("WebgpuEngine.bufferOf", plan);
      const spec = transferableBuffer("WebgpuEngine.bufferOf", plan, buffer);
      return {
        gpuBuffer: regions[spec.region],
        byteOffset: spec.offset * Float32Array.BYTES_PER_ELEMENT,
        byteLength: spec.length * Float32Array.BYTES_PER_ELEMENT,
        copies: copies(plan, spec),
        copyStride: plan.regionLengths[spec.region] * Float32Array.BYTES_PER_ELEMENT,
      };
    },
    release(plan) {
      const loaded = plans.get(plan);
      if (loaded === undefined) return;
      checkState("Engine.release");
      plans.delete(plan);
      loaded.destroy();
    },
    dispose() {
      if (state === "disposed") return;
      state = "disposed";
      watch.end();
      for (const loaded of plans.values()) loaded.destroy();
      plans.clear();
      if (current.owned) current.device.destroy();
    },
    async restore() {
      if (state === "disposed") checkState("Engine.restore");
      if (!current.owned || (options.adapter !== undefined && options.gpu === undefined)) {
        throw new UnsupportedError({
          source: "Engine.restore",
          problem: `the ${current.owned ? "adapter" : "device"} was given (${adapterName(current.info)})`,
          remedy: "Create another engine with another one",
        });
      }
      watch.end();
      current.device.destroy();
      const { adapter: _used, ...rest } = options;
      current = await requestDevice(rest);
      watch = watchDevice(current.device);
      plans = new Map();
      state = "idle";
      steps = 0;
      fence = Promise.resolve();
    },
  };
}
