import type { BufferReference, BufferSpec, Plan, Region } from "../../plan/types.ts";

/** Finds the buffer of a plan that an address lies in. */
export function bufferLookup(plan: Plan): (address: BufferReference) => BufferSpec {
  const sorted: Record<Region, BufferSpec[]> = { shared: [], shard: [], workspace: [] };
  for (const spec of plan.buffers.values()) if (spec.length > 0) sorted[spec.region].push(spec);
  for (const list of Object.values(sorted)) list.sort((a, b) => a.offset - b.offset);
  return ({ region, offset }) => {
    const spec = sorted[region].findLast((candidate) => candidate.offset <= offset);
    if (spec === undefined) throw new Error(`no buffer at ${region} ${offset}`);
    return spec;
  };
}
