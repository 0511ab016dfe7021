import type { KernelName } from "../../kernels/index.ts";
import type { PhaseName, Plan } from "../../plan/types.ts";
import { instantiateKernels, type KernelFunctions } from "./kernel-module.ts";
import { allocatePlanMemory, type PlanMemory } from "./plan-memory.ts";
import { type ByteCall, threadProgram } from "./program.ts";
import type { WorkerMessage } from "./worker-source.ts";

/** The phases in the order of the indices that workers get. */
export const phaseOrder: readonly PhaseName[] = [
  "forward",
  "gradient",
  "step",
  "backward",
  "accumulate",
  "update",
  "sample",
];

type LinkedCall = readonly [kernel: (...args: readonly number[]) => void, args: readonly number[]];

interface LinkedProgram {
  readonly perShard: readonly LinkedCall[];
  readonly shared: readonly LinkedCall[];
}

/** A plan in a memory of its own, with what the main thread runs of it. */
export interface LoadedPlan extends PlanMemory {
  readonly id: number;
  readonly programs: Readonly<Partial<Record<PhaseName, LinkedProgram>>>;
  /** Whether the workers have it. */
  sent: boolean;
}

/** The function of a kernel in an instance. */
function linkCall(kernels: KernelFunctions, [name, args]: ByteCall): LinkedCall {
  const kernel: ((...args: readonly number[]) => void) | undefined = kernels[name satisfies KernelName];
  if (kernel === undefined) throw new Error(`the wasm module has no kernel ${name}`);
  return [kernel, args];
}

/** Allocates the memory of a plan and links the calls of thread 0. */
export function loadPlan(plan: Plan, id: number, module: WebAssembly.Module, threads: number): LoadedPlan {
  const memory = allocatePlanMemory(plan, threads);
  const kernels = instantiateKernels(module, memory.memory, memory.scratch(0));
  const programs: Partial<Record<PhaseName, LinkedProgram>> = {};
  for (const name of phaseOrder) {
    if (plan.phases[name] === undefined) continue;
    const program = threadProgram(plan, name, 0, threads);
    programs[name] = {
      perShard: program.perShard.map((call) => linkCall(kernels, call)),
      shared: program.shared.map((call) => linkCall(kernels, call)),
    };
  }
  return { ...memory, id, programs, sent: threads === 1 };
}

/** The message that gives a plan to the worker that is thread `thread`. */
export function loadMessage(plan: Plan, loaded: LoadedPlan, thread: number, threads: number): WorkerMessage {
  return {
    kind: "load",
    plan: loaded.id,
    memory: loaded.memory,
    scratch: loaded.scratch(thread),
    phases: phaseOrder.map((name) => threadProgram(plan, name, thread, threads).perShard),
  };
}

/** Runs calls one after the other. */
export function runCalls(calls: readonly LinkedCall[]): void {
  for (const [kernel, args] of calls) kernel(...args);
}
