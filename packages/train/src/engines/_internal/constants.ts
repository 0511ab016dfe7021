import type { BufferType, Plan } from "../../plan/types.ts";
import { bufferStart, copies } from "./transfer.ts";

/** Writes what the buffers of a plan hold from the start: `write` gets the element type, the first arena element of a copy and its values. */
export function writeConstants(
  plan: Plan,
  write: (type: BufferType, start: number, values: ArrayLike<number>) => void,
): void {
  for (const { buffer, values } of plan.constants) {
    const spec = plan.buffers.get(buffer);
    if (spec === undefined) continue;
    for (let copy = 0; copy < copies(plan, spec); copy++) write(spec.type, bufferStart(plan, spec, copy), values);
  }
}
