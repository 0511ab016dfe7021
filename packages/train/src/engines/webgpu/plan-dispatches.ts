import { UnsupportedError } from "@semifactor/ghmm";
import type { KernelName, KernelSignature } from "../../kernels/index.ts";
import { webgpuKernels } from "../../kernels/webgpu.ts";
import type { KernelCall, Phase, PhaseName, Plan } from "../../plan/types.ts";
import { namedArguments, scratchWords } from "./plan-calls.ts";
import { type BufferRegions, signatureOf, slotHeader } from "./shader.ts";
import type { WebgpuPass, WebgpuVariant } from "./webgpu-kernel.ts";

/** One dispatch: a pass of a kernel call, for all copies at once. */
export interface Dispatch {
  readonly kernelName: KernelName;
  readonly pass: WebgpuPass;
  /** 0, or 1 for the second dispatch of a call. */
  readonly passIndex: number;
  readonly signed: readonly string[];
  readonly signature: KernelSignature;
  readonly regions: BufferRegions;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** The words of the call's slot, as 32-bit patterns. */
  readonly words: Uint32Array;
}

/** Most workgroups in one dimension of a dispatch, of every device. */
const maxWorkgroups = 65535;

const pattern = new DataView(new ArrayBuffer(4));

/** Bit pattern of an argument: f32 for floats, two's complement for integers. */
function wordOf(kind: KernelSignature["args"][number][1], value: number): number {
  if (kind === "float") pattern.setFloat32(0, value);
  else pattern.setInt32(0, value | 0);
  return pattern.getUint32(0);
}

function checkWorkgroups(name: KernelName, workgroups: Dispatch["workgroups"]): void {
  if (workgroups.every((count) => Number.isInteger(count) && count >= 0 && count <= maxWorkgroups)) return;
  throw new UnsupportedError({
    source: "Engine (webgpu)",
    problem: `the kernel ${name} needs ${workgroups.join(" x ")} workgroups, more than ${maxWorkgroups} in one dimension`,
    remedy: "Use a smaller batch, shorter sequences, fewer heads, shards or replicas",
  });
}

interface Context {
  readonly plan: Plan;
  readonly variant: WebgpuVariant;
  readonly scratch: number;
}

/** The dispatches of a call for all its copies; `perShard` says whether there is one per shard. */
function callDispatches({ plan, variant, scratch }: Context, call: KernelCall, perShard: boolean): readonly Dispatch[] {
  const { shared, shard, workspace } = plan.regionLengths;
  const signature = signatureOf(call.kernel);
  const kernel = webgpuKernels[call.kernel];
  const header: Readonly<Record<(typeof slotHeader)[number], number>> = {
    replica_divisor: perShard ? plan.shards : 1,
    shard_step: perShard ? 1 : plan.shards,
    shared_stride: shared,
    shard_stride: shard,
    workspace_stride: workspace,
    scratch_offset: plan.replicas * plan.shards * shard,
    scratch_stride: scratch,
  };
  const words = new Uint32Array(slotHeader.length + signature.args.length);
  words.set(slotHeader.map((name) => header[name]));
  const regions: Record<string, BufferRegions[string]> = {};
  signature.args.forEach(([name, kind], i) => {
    const argument = call.args[i] ?? 0;
    if (kind === "buffer") regions[name] = typeof argument === "object" ? argument.region : undefined;
    words[slotHeader.length + i] = typeof argument === "object" ? argument.offset : wordOf(kind, argument);
  });
  const named = namedArguments(call);
  return [kernel, ...(kernel.second === undefined ? [] : [kernel.second])].map((pass, passIndex) => {
    const [x, y] = pass.workgroups(named, variant);
    const workgroups = [x, y, plan.replicas * (perShard ? plan.shards : 1)] as const;
    checkWorkgroups(call.kernel, workgroups);
    const { signed = [] } = kernel;
    return { kernelName: call.kernel, pass, passIndex, signed, signature, regions, workgroups, words };
  });
}

/** The dispatches of every phase of a plan in order: the calls of each shard, then the shared ones. A call over nothing needs none. */
export function planDispatches(plan: Plan, variant: WebgpuVariant): ReadonlyMap<PhaseName, readonly Dispatch[]> {
  const context: Context = { plan, variant, scratch: scratchWords(plan, variant) };
  const phases = Object.entries(plan.phases) as [PhaseName, Phase][];
  return new Map(
    phases.map(([name, { perShard, shared }]) => [
      name,
      [
        ...perShard.flatMap((call) => callDispatches(context, call, true)),
        ...shared.flatMap((call) => callDispatches(context, call, false)),
      ].filter(({ workgroups }) => workgroups.every((count) => count > 0)),
    ]),
  );
}
