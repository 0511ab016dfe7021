import { type KernelName, type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import type { PhaseName, Plan } from "../../plan/types.ts";
import { type ResolvedCall, resolveCalls } from "../_internal/resolve.ts";
import { scratchBytes } from "./scratch-bytes.ts";

/** A kernel call as a WebAssembly instance takes it: name of the export, addresses in bytes. */
export type ByteCall = readonly [kernel: KernelName, args: readonly number[]];

/** What one thread runs of a phase: its shards one after the other; then, once all threads are done, `shared` (thread 0 alone). */
export interface ThreadProgram {
  readonly perShard: readonly ByteCall[];
  readonly shared: readonly ByteCall[];
}

const bytesPerWord = 4;

/** Turns element offsets and strides into bytes. */
function toBytes({ kernel, args }: ResolvedCall): ByteCall {
  const signature: KernelSignature = kernelSignatures[kernel];
  return [
    kernel,
    args.map((value, i) => {
      const kind = signature.args[i]?.[1];
      return kind === "buffer" || kind === "stride" ? value * bytesPerWord : value;
    }),
  ];
}

/** The calls of one phase for thread `thread` of `threads`: copy c = replica * shards + shard runs on thread c mod threads. */
export function threadProgram(plan: Plan, name: PhaseName, thread: number, threads: number): ThreadProgram {
  const phase = plan.phases[name];
  if (phase === undefined) return { perShard: [], shared: [] };
  const perShard: ByteCall[] = [];
  for (let copy = thread; copy < plan.replicas * plan.shards; copy += threads) {
    const place = { replica: Math.floor(copy / plan.shards), shard: copy % plan.shards, thread };
    perShard.push(...resolveCalls(plan, phase.perShard, place).map(toBytes));
  }
  const shared: ByteCall[] = [];
  for (let replica = 0; replica < (thread === 0 ? plan.replicas : 0); replica++) {
    shared.push(...resolveCalls(plan, phase.shared, { replica, shard: 0, thread }).map(toBytes));
  }
  return { perShard, shared };
}

/** Bytes of scratch memory that a thread needs for the calls of a plan, a multiple of 64. */
export function planScratchBytes(plan: Plan): number {
  let bytes = 0;
  for (const phase of Object.values(plan.phases)) {
    for (const { kernel, args } of [...phase.perShard, ...phase.shared]) {
      const signature: KernelSignature = kernelSignatures[kernel];
      const named = signature.args.map(([name], i) => [name, typeof args[i] === "number" ? args[i] : 0] as const);
      bytes = Math.max(bytes, scratchBytes(kernel, Object.fromEntries(named)));
    }
  }
  return Math.ceil(bytes / 64) * 64;
}
