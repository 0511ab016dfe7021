import { UnsupportedError } from "@semifactor/ghmm";
import type { PhaseName, Plan, Region } from "../../plan/types.ts";
import { bufferUsage } from "./constants.ts";
import { pipelinesOf } from "./pipelines.ts";
import { checkPlanFits, type PlanBytes, planBytes, slotBytes } from "./plan-buffers.ts";
import { type Dispatch, planDispatches } from "./plan-dispatches.ts";
import { regionBindings } from "./shader.ts";
import { uploadConstants } from "./upload.ts";
import type { WebgpuVariant } from "./webgpu-kernel.ts";

/** A dispatch that can be encoded. */
export interface ReadyDispatch {
  readonly pipeline: GPUComputePipeline;
  /** Index in {@link LoadedPlan.slotOffsets} of its slot. */
  readonly slot: number;
  readonly workgroups: Dispatch["workgroups"];
}

/** A plan on a device. */
export interface LoadedPlan {
  readonly regions: Readonly<Record<Region, GPUBuffer>>;
  readonly bindGroup: GPUBindGroup;
  /** Byte offsets of the slots of all calls. */
  readonly slotOffsets: Uint32Array;
  /** Settles once the device has said whether it has the memory. */
  readonly allocated: Promise<void>;
  /** The phases whose pipelines are compiled. */
  readonly ready: Map<PhaseName, readonly ReadyDispatch[]>;
  /** The buffer that downloads go through. */
  readonly download: GPUBuffer;
  /** Whether a download is under way, which destroys the buffer at its end if the plan was released meanwhile. */
  downloading: boolean;
  destroyed: boolean;
  compile(phase: PhaseName): Promise<readonly ReadyDispatch[]>;
  destroy(): void;
}

/** Creates buffers in an error scope that takes a refusal for lack of memory. */
function allocateAll<T>(device: GPUDevice, bytes: PlanBytes, create: () => T): readonly [T, Promise<void>] {
  device.pushErrorScope("out-of-memory");
  const created = create();
  const allocated = device.popErrorScope().then((error) => {
    if (error === null) return;
    throw new UnsupportedError({
      source: "Engine (webgpu)",
      problem: `the device has no memory for the ${bytes.total} bytes of the plan (${error.message})`,
      remedy: "Use a smaller batch, shorter sequences or a smaller model, or release other plans",
    });
  });
  // It is awaited at the first execute, which may never come.
  allocated.catch(() => undefined);
  return [created, allocated];
}

/**
 * Allocates the buffers of a plan and writes the arguments of all its calls.
 *
 * @throws UnsupportedError if a region or a dispatch is past a limit of the device
 */
export function loadPlan(device: GPUDevice, plan: Plan, variant: WebgpuVariant): LoadedPlan {
  checkPlanFits(plan, variant, device.limits);
  const dispatches = planDispatches(plan, variant);
  const bytes = planBytes(plan, variant, device.limits);
  const { storage, uniform, mapRead, copySrc, copyDst } = bufferUsage;
  const create = (label: string, size: number, usage: number): GPUBuffer => device.createBuffer({ label, size, usage });
  const region = (name: Region): GPUBuffer => create(name, bytes.regions[name], storage | copySrc | copyDst);
  const [buffers, allocated] = allocateAll(device, bytes, () => ({
    shared: region("shared"),
    shard: region("shard"),
    workspace: region("workspace"),
    slots: create("slots", bytes.slots, uniform | copyDst),
    download: create("download", bytes.download, mapRead | copyDst),
  }));

  const stride = slotBytes(device.limits);
  const slotOffsets = new Uint32Array(bytes.slots / stride).map((_, slot) => slot * stride);
  const words = new Uint32Array(bytes.slots / Uint32Array.BYTES_PER_ELEMENT);
  const firstSlot = new Map<PhaseName, number>();
  let slot = 0;
  for (const [phase, calls] of dispatches) {
    firstSlot.set(phase, slot);
    for (const call of calls) words.set(call.words, (slot++ * stride) / Uint32Array.BYTES_PER_ELEMENT);
  }
  device.queue.writeBuffer(buffers.slots, 0, words);
  uploadConstants(device.queue, buffers, plan);

  const pipelines = pipelinesOf(device);
  const bindGroup = device.createBindGroup({
    layout: pipelines.bindGroupLayout,
    entries: [
      ...regionBindings.map((name, binding) => ({ binding, resource: { buffer: buffers[name] } })),
      { binding: regionBindings.length, resource: { buffer: buffers.slots, size: stride } },
    ],
  });

  const loaded: LoadedPlan = {
    regions: buffers,
    bindGroup,
    slotOffsets,
    allocated,
    ready: new Map(),
    download: buffers.download,
    downloading: false,
    destroyed: false,
    async compile(phase) {
      const first = firstSlot.get(phase) ?? 0;
      const ready = await Promise.all(
        (dispatches.get(phase) ?? []).map(async (dispatch, i) => ({
          pipeline: await pipelines.pipelineOf(dispatch, variant),
          slot: first + i,
          workgroups: dispatch.workgroups,
        })),
      );
      loaded.ready.set(phase, ready);
      return ready;
    },
    destroy() {
      loaded.destroyed = true;
      const { download, ...others } = buffers;
      for (const buffer of Object.values(others)) buffer.destroy();
      if (!loaded.downloading) download.destroy();
    },
  };
  return loaded;
}
