import type { BufferSpec, Plan } from "../../plan/types.ts";
import { copies } from "../_internal/transfer.ts";
import type { LoadedPlan } from "./loaded-plan.ts";

const wordBytes = 4;

/** The elements of an array as the device holds them; the array itself where it already is of that type. */
function deviceArray(type: BufferSpec["type"], data: ArrayLike<number>): Float32Array | Int32Array {
  if (type === "i32") return data instanceof Int32Array ? data : Int32Array.from(data);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Writes the whole view of a buffer: each copy to its place in the region. */
export function upload(
  queue: GPUQueue,
  { regions }: LoadedPlan,
  plan: Plan,
  spec: BufferSpec,
  data: ArrayLike<number>,
): void {
  if (spec.length === 0) return;
  const words = deviceArray(spec.type, data);
  const stride = plan.regionLengths[spec.region];
  for (let copy = 0; copy < copies(plan, spec); copy++) {
    const target = (copy * stride + spec.offset) * wordBytes;
    const source = words.byteOffset + copy * spec.length * wordBytes;
    // The bytes of the array's memory: the type admits no view of shared memory, which a caller may have.
    queue.writeBuffer(regions[spec.region], target, words.buffer, source, spec.length * wordBytes);
  }
}
