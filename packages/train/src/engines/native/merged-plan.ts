import { type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import { padded } from "../../plan/parameter-layout.ts";
import type { Argument, BufferReference, BufferSpec, KernelCall, Phase, PhaseName, Plan } from "../../plan/types.ts";
import { argumentRoles } from "./argument-roles.ts";
import { bufferLookup } from "./buffer-at.ts";

type BufferRole = "batched" | "fixed" | "sum";

/** A plan whose batch is one shard, and the buffers of it that are sums over the batch where the plan had one summand per shard. */
export interface MergedPlan {
  readonly plan: Plan;
  readonly sums: ReadonlySet<string>;
}

/** Thrown by the steps below where the shards cannot be merged. */
class NotMergeable extends Error {}

/** The roles of all buffers, from the calls of one shard. */
function bufferRoles(plan: Plan): ReadonlyMap<BufferSpec, BufferRole> {
  const find = bufferLookup(plan);
  const constants = new Set(plan.constants.map(({ buffer }) => buffer));
  const roles = new Map<BufferSpec, BufferRole>();
  const set = (spec: BufferSpec, role: BufferRole): void => {
    const known = roles.get(spec);
    // What shards share is fixed, but for constants that are the same for the sequences of every shard (indices of positions).
    const possible =
      spec.region === "shared"
        ? role === "fixed" || (role === "batched" && constants.has(spec.name))
        : role !== "fixed";
    if (!possible || (known !== undefined && known !== role)) throw new NotMergeable();
    roles.set(spec, role);
  };
  const equal: (readonly BufferSpec[])[] = [];
  for (const call of Object.values(plan.phases).flatMap(({ perShard }) => perShard)) {
    const list = argumentRoles(call);
    if (list === undefined) throw new NotMergeable();
    for (const { address, role } of list) if (role !== "same") set(find(address), role);
    if (list.some(({ role }) => role === "same")) equal.push(list.map(({ address }) => find(address)));
  }
  for (let size = -1; size < roles.size; ) {
    size = roles.size;
    for (const specs of equal) {
      const known = specs.map((spec) => roles.get(spec)).find((role) => role !== undefined);
      if (known !== undefined) for (const spec of specs) set(spec, known);
    }
  }
  for (const spec of plan.buffers.values())
    if (!roles.has(spec) && spec.region !== "shared") roles.set(spec, "batched");
  return roles;
}

/** The buffers with the batch as long as all shards together. */
function mergedBuffers(
  plan: Plan,
  roles: ReadonlyMap<BufferSpec, BufferRole>,
): Pick<Plan, "buffers" | "regionLengths"> {
  const buffers = new Map<string, BufferSpec>();
  const regionLengths = { shared: 0, shard: 0, workspace: 0 };
  for (const spec of plan.buffers.values()) {
    const factor = roles.get(spec) === "batched" ? plan.shards : 1;
    const [first = 1, ...rest] = spec.shape;
    const length = spec.length * factor;
    buffers.set(spec.name, { ...spec, offset: regionLengths[spec.region], length, shape: [first * factor, ...rest] });
    regionLengths[spec.region] += padded(length);
  }
  return { buffers, regionLengths };
}

/**
 * The plan with all shards of a batch as one: activations as long as the whole batch, gradients summed over it by the kernels themselves. Undefined where the
 * calls of a shard do more than this can follow (a call that optimizes, an address inside a batched buffer, a shared call on one shard): such a plan runs shard
 * after shard.
 */
export function mergeShards(plan: Plan): MergedPlan | undefined {
  if (plan.shards === 1) return { plan, sums: new Set() };
  try {
    return merge(plan);
  } catch (error) {
    if (error instanceof NotMergeable) return undefined;
    throw error;
  }
}

function merge(plan: Plan): MergedPlan {
  const roles = bufferRoles(plan);
  const find = bufferLookup(plan);
  const { buffers, regionLengths } = mergedBuffers(plan, roles);
  const move = (address: BufferReference): BufferReference => {
    const spec = find(address);
    const inner = address.offset - spec.offset;
    if (inner !== 0 && roles.get(spec) === "batched") throw new NotMergeable();
    return { region: address.region, offset: (buffers.get(spec.name)?.offset ?? 0) + inner };
  };
  const longer = (size: number): number => size * plan.shards;
  const renamed = (call: KernelCall, changed: Readonly<Record<string, (value: number) => number>>): KernelCall => {
    const signature: KernelSignature = kernelSignatures[call.kernel];
    return {
      kernel: call.kernel,
      args: signature.args.map(([name], i): Argument => {
        const value = call.args[i] ?? 0;
        if (typeof value !== "number") return move(value);
        return changed[name]?.(value) ?? value;
      }),
    };
  };
  const perShard = (call: KernelCall): KernelCall => {
    const list = argumentRoles(call) ?? [];
    const [first] = list;
    const flatSum = first?.role === "same" && roles.get(find(first.address)) !== "batched";
    return renamed(call, { rows: longer, batch: longer, ...(flatSum ? {} : { n: longer }) });
  };
  const shared = (call: KernelCall): KernelCall => {
    const ofShards = call.kernel === "reduce_shards" || call.kernel === "record_metrics";
    if (!ofShards && call.args.some((value) => typeof value !== "number" && value.region === "shard")) {
      throw new NotMergeable();
    }
    return renamed(call, ofShards ? { shards: () => 1, rows: longer } : {});
  };
  const phases: Partial<Record<PhaseName, Phase>> = {};
  for (const [name, phase] of Object.entries(plan.phases) as [PhaseName, Phase][]) {
    phases[name] = { perShard: phase.perShard.map(perShard), shared: phase.shared.map(shared) };
  }
  const constants = plan.constants.map(({ buffer, values }) => {
    const length = buffers.get(buffer)?.length ?? values.length;
    return { buffer, values: Array.from({ length }, (_, i) => values[i % values.length] ?? Number.NaN) };
  });
  const sums = new Set([...roles].filter(([, role]) => role === "sum").map(([{ name }]) => name));
  return { plan: { ...plan, shards: 1, regionLengths, buffers, constants, phases }, sums };
}
