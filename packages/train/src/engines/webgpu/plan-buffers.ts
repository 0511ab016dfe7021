import { UnsupportedError } from "@semifactor/ghmm";
import { webgpuKernels } from "../../kernels/webgpu.ts";
import type { BufferSpec, Plan, Region } from "../../plan/types.ts";
import { copies } from "../_internal/transfer.ts";
import { planCalls, scratchWords } from "./plan-calls.ts";
import { regionBindings } from "./shader.ts";
import type { WebgpuVariant } from "./webgpu-kernel.ts";

/** The limits of a device that decide whether a plan fits. */
export type MemoryLimits = Pick<
  GPUSupportedLimits,
  "maxBufferSize" | "maxStorageBufferBindingSize" | "minUniformBufferOffsetAlignment"
>;

/** Bytes of the buffers of a plan on a device: one per region, the arguments of all calls, and the one that downloads go through. */
export interface PlanBytes {
  readonly regions: Readonly<Record<Region, number>>;
  readonly slots: number;
  readonly download: number;
  readonly total: number;
}

const wordBytes = 4;
/** A binding may not be empty. */
const smallestBuffer = 16;
/** Largest download whose buffer is kept; larger ones get one of their own for as long as they take. */
const largestKeptDownload = 2 ** 24;
/** Bytes that the arguments of any call fit in, and the offset alignment that every device has at most. */
const leastSlotBytes = 256;

/** Bytes of an element of a region. */
export function elementBytes(region: Region, { storage }: WebgpuVariant): number {
  return region === "workspace" && storage === "f16" ? 2 : wordBytes;
}

/** Bytes of the slot of one call: what a dynamic offset may be a multiple of. */
export function slotBytes({ minUniformBufferOffsetAlignment }: MemoryLimits): number {
  return Math.max(leastSlotBytes, minUniformBufferOffsetAlignment);
}

/** Bytes of the whole view of a buffer. */
export function wholeViewBytes(plan: Plan, spec: BufferSpec): number {
  return wordBytes * spec.length * copies(plan, spec);
}

/** Bytes of the buffers that a plan takes on a device. */
export function planBytes(plan: Plan, variant: WebgpuVariant, limits: MemoryLimits): PlanBytes {
  const { replicas, shards, regionLengths } = plan;
  const scratch = { shared: 0, shard: scratchWords(plan, variant), workspace: 0 };
  const bytesOf = (region: Region): number => {
    const count = region === "shared" ? replicas : replicas * shards;
    return Math.max(smallestBuffer, count * (regionLengths[region] + scratch[region]) * elementBytes(region, variant));
  };
  const regions = { shared: bytesOf("shared"), shard: bytesOf("shard"), workspace: bytesOf("workspace") };
  const passes = planCalls(plan).reduce((n, { kernel }) => n + (webgpuKernels[kernel].second === undefined ? 1 : 2), 0);
  const slots = Math.max(1, passes) * slotBytes(limits);
  const transferable = [...plan.buffers.values()].filter(({ region }) => region !== "workspace");
  const largest = transferable.reduce((most, spec) => Math.max(most, wholeViewBytes(plan, spec)), smallestBuffer);
  const download = Math.min(largest, largestKeptDownload);
  return {
    regions,
    slots,
    download,
    total: regions.shared + regions.shard + regions.workspace + slots + download,
  };
}

/**
 * Throws if a plan cannot be held by a device with these limits.
 *
 * @throws UnsupportedError naming the region, the bytes it needs and the bytes the device can bind; or if the workspace holds integers and is stored in f16
 */
export function checkPlanFits(plan: Plan, variant: WebgpuVariant, limits: MemoryLimits): void {
  const { regions } = planBytes(plan, variant, limits);
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const region of regionBindings) {
    if (regions[region] <= largest) continue;
    throw new UnsupportedError({
      source: "Engine (webgpu)",
      problem: `the plan needs ${regions[region]} bytes in the region "${region}", and the device can bind ${largest}`,
      remedy: "Use a smaller batch, shorter sequences, a smaller model, or fewer shards or replicas",
    });
  }
  if (variant.storage === "f32") return;
  for (const { name, region, type } of plan.buffers.values()) {
    if (region !== "workspace" || type !== "i32") continue;
    throw new UnsupportedError({
      source: "Engine (webgpu)",
      problem: `the workspace holds the integers "${name}", and f16 has 11 bits`,
      remedy: 'Use storage: "f32"',
    });
  }
}
