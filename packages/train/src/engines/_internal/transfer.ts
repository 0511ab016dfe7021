import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { type BufferSpec, type Plan, regionStart } from "../../plan/types.ts";

/** The buffer `name` of a plan, if it can be uploaded and downloaded. */
export function transferableBuffer(source: string, plan: Plan, name: string): BufferSpec {
  const spec = plan.buffers.get(name);
  if (spec === undefined) {
    throw new InvalidArgumentError({
      source,
      problem: `the plan has no buffer "${name}"`,
      remedy: `Use one of: ${[...plan.buffers.keys()].join(", ")}`,
    });
  }
  if (spec.region === "workspace") {
    throw new UnsupportedError({
      source,
      problem: `the buffer "${name}" is in the workspace of a thread and does not outlive a shard`,
      remedy: "Compile the plan with this activation captured",
    });
  }
  return spec;
}

/** Number of copies of a buffer in the whole view: one per replica, or per replica and shard. */
export function copies(plan: Plan, spec: BufferSpec): number {
  return plan.replicas * (spec.region === "shard" ? plan.shards : 1);
}

/** First arena element of copy `copy` of a buffer. */
export function bufferStart(plan: Plan, spec: BufferSpec, copy: number): number {
  return regionStart(plan, spec.region, copy) + spec.offset;
}

/** Throws unless an array has as many elements as the buffer has over all its copies. */
export function checkTransferLength(source: string, plan: Plan, spec: BufferSpec, length: number): void {
  const expected = spec.length * copies(plan, spec);
  if (length === expected) return;
  throw new ShapeError({
    source,
    problem: `the array for the buffer "${spec.name}" has ${length} elements`,
    remedy: `Give ${expected}: ${copies(plan, spec)} x [${spec.shape.join(", ")}]`,
  });
}
