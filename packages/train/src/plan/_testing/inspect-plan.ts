import { type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import type { CompiledPlan } from "../compile.ts";
import type { Argument, BufferReference, BufferSpec, KernelCall, Plan } from "../types.ts";

/** The buffer of a plan that an address lies in. */
export function bufferAt(plan: Plan, { region, offset }: BufferReference): BufferSpec | undefined {
  return [...plan.buffers.values()].find(
    (buffer) => buffer.region === region && buffer.offset <= offset && offset < buffer.offset + buffer.length,
  );
}

/** The arguments of a call by name. */
export function namedArguments({ kernel, args }: KernelCall): Readonly<Record<string, Argument>> {
  const signature: KernelSignature = kernelSignatures[kernel];
  return Object.fromEntries(signature.args.map(([name], i) => [name, args[i] ?? Number.NaN]));
}

/** Every call of a plan, of all phases. */
export function callsOf(plan: Plan): readonly KernelCall[] {
  return Object.values(plan.phases).flatMap(({ perShard, shared }) => [...perShard, ...shared]);
}

/** Arguments of backward kernels that are gradients of parameters. */
const parameterGradients = ["dWE", "dWPos", "dGain", "dBias", "dW"];

/** Names of the parameters whose gradient some kernel of a plan computes, sorted. */
export function gradientTargets(plan: CompiledPlan): readonly string[] {
  const found = new Set<string>();
  for (const call of plan.phases.gradient?.perShard ?? []) {
    for (const [name, argument] of Object.entries(namedArguments(call))) {
      if (!parameterGradients.includes(name) || typeof argument === "number") continue;
      const buffer = bufferAt(plan, argument);
      if (buffer?.name !== "shardGradient") {
        found.add(buffer?.name.replace(/^gradient\./, "") ?? "no buffer");
        continue;
      }
      const place = argument.offset - buffer.offset;
      const run = plan.trainable?.runs.find(({ gradientOffset }) => gradientOffset === place);
      found.add(run?.parameter ?? `no trained parameter at ${place}`);
    }
  }
  return [...found].sort();
}
