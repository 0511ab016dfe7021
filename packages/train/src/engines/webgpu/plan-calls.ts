import { webgpuKernels } from "../../kernels/webgpu.ts";
import type { Argument, KernelCall, Plan } from "../../plan/types.ts";
import { signatureOf } from "./shader.ts";
import type { WebgpuArguments, WebgpuVariant } from "./webgpu-kernel.ts";

/** The arguments of a call by name, those of its buffers 0 or 1. */
export function namedArguments({ kernel, args }: KernelCall): WebgpuArguments {
  const value = (argument: Argument | undefined): number => (typeof argument === "object" ? 1 : (argument ?? 0));
  return Object.fromEntries(signatureOf(kernel).args.map(([name], i) => [name, value(args[i])]));
}

/** Every call of a plan. */
export function planCalls(plan: Plan): readonly KernelCall[] {
  return Object.values(plan.phases).flatMap(({ perShard, shared }) => [...perShard, ...shared]);
}

/** Words of scratch memory for every copy: what the most demanding call of the plan takes. They lie behind all copies of the region `shard`. */
export function scratchWords(plan: Plan, variant: WebgpuVariant): number {
  const words = planCalls(plan).map((call) => webgpuKernels[call.kernel].scratch?.(namedArguments(call), variant) ?? 0);
  return words.reduce((most, count) => Math.max(most, count), 0);
}
