import { UnsupportedError } from "@semifactor/ghmm";
import { arenaLength, type Plan } from "../../plan/types.ts";
import { planScratchBytes } from "./program.ts";

const pageBytes = 65536;
/** What 32-bit addresses reach. */
const addressableBytes = 2 ** 32;

/** The memory of a plan: the arena, then one scratch area per thread. */
export interface PlanMemory {
  readonly memory: WebAssembly.Memory;
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  /** Byte address of the scratch area of a thread. */
  scratch(thread: number): number;
}

/** Bytes of the memory of a plan: the arena and the scratch areas, in whole pages. */
export function planMemoryBytes(plan: Plan, threads: number): number {
  const bytes = arenaLength(plan, threads) * 4 + threads * planScratchBytes(plan);
  return Math.max(1, Math.ceil(bytes / pageBytes)) * pageBytes;
}

/**
 * Allocates the memory of a plan for a number of threads; it is zero and never grows.
 *
 * @throws UnsupportedError if the plan needs more than 32-bit addresses reach, or the host refuses the memory
 */
export function allocatePlanMemory(plan: Plan, threads: number, source = "Engine (wasm)"): PlanMemory {
  const arenaBytes = arenaLength(plan, threads) * 4;
  const scratchBytes = planScratchBytes(plan);
  const bytes = planMemoryBytes(plan, threads);
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  const refuse = (problem: string, options?: ErrorOptions): never => {
    throw new UnsupportedError(
      {
        source,
        problem,
        remedy: `Use a smaller batch, shorter sequences${threads > 1 ? ", a smaller model or fewer threads" : " or a smaller model"}`,
      },
      options,
    );
  };
  if (bytes > addressableBytes - pageBytes) {
    refuse(`the plan needs ${mebibytes} MiB, more than the 4096 MiB that a WebAssembly memory can have`);
  }
  const pages = bytes / pageBytes;
  const allocate = (): WebAssembly.Memory => {
    try {
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: threads > 1 });
    } catch (cause) {
      return refuse(`the host refused a WebAssembly memory of ${mebibytes} MiB`, { cause });
    }
  };
  const memory = allocate();
  return {
    memory,
    floats: new Float32Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
    scratch: (thread) => arenaBytes + thread * scratchBytes,
  };
}
