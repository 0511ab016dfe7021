import type { BufferSpec, Plan, Region } from "../../plan/types.ts";
import { copies } from "../_internal/transfer.ts";

const wordBytes = 4;

/** The buffer of every region. */
type Regions = Readonly<Record<Region, GPUBuffer>>;

/** The elements of an array as the device holds them; the array itself where it already is of that type. */
function deviceArray(type: BufferSpec["type"], data: ArrayLike<number>): Float32Array | Int32Array {
  if (type === "i32") return data instanceof Int32Array ? data : Int32Array.from(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Writes one copy of a buffer, from the element `first` of `words` on. */
function writeCopy(
  queue: GPUQueue,
  regions: Regions,
  plan: Plan,
  spec: BufferSpec,
  copy: number,
  words: Float32Array | Int32Array,
  first: number,
): void {
  const target = (copy * plan.regionLengths[spec.region] + spec.offset) * wordBytes;
  // The bytes of the array's memory: the type admits no view of shared memory, which a caller may have.
  const source = words.byteOffset + first * wordBytes;
  queue.writeBuffer(regions[spec.region], target, words.buffer, source, spec.length * wordBytes);
}

/** Writes the whole view of a buffer: each copy to its place in the region. */
export function upload(queue: GPUQueue, regions: Regions, plan: Plan, spec: BufferSpec, data: ArrayLike<number>): void {
  const words = deviceArray(spec.type, data);
  for (let copy = 0; copy < (spec.length === 0 ? 0 : copies(plan, spec)); copy++) {
    writeCopy(queue, regions, plan, spec, copy, words, copy * spec.length);
  }
}

/** Writes what the buffers of a plan hold from the start. */
export function uploadConstants(queue: GPUQueue, regions: Regions, plan: Plan): void {
  for (const { buffer, values } of plan.constants) {
    const spec = plan.buffers.get(buffer);
    if (spec === undefined || spec.length === 0) continue;
    const words = deviceArray(spec.type, values);
    for (let copy = 0; copy < copies(plan, spec); copy++) writeCopy(queue, regions, plan, spec, copy, words, 0);
  }
}
