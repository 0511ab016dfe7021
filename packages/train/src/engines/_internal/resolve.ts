import { type KernelCall, type Plan, regionStart } from "../../plan/types.ts";

/** A kernel call whose addresses are element offsets from the start of the arena. */
export interface ResolvedCall {
  readonly kernel: KernelCall["kernel"];
  readonly args: readonly number[];
}

/** Replaces every address by its place in the arena, for one shard of one replica executed with the workspace of one thread. */
export function resolveCalls(
  plan: Plan,
  calls: readonly KernelCall[],
  place: { readonly replica: number; readonly shard: number; readonly thread: number },
): readonly ResolvedCall[] {
  const start = {
    shared: regionStart(plan, "shared", place.replica),
    shard: regionStart(plan, "shard", place.replica * plan.shards + place.shard),
    workspace: regionStart(plan, "workspace", place.thread),
  };
  return calls.map(({ kernel, args }) => ({
    kernel,
    args: args.map((argument) => (typeof argument === "number" ? argument : start[argument.region] + argument.offset)),
  }));
}
