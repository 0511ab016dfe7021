import { UnsupportedError } from "@semifactor/ghmm";
import type { Arena } from "../kernels/_internal/arena.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { arenaLength, type PhaseName, type Plan } from "../plan/types.ts";
import { writeConstants } from "./_internal/constants.ts";
import { resolveCalls } from "./_internal/resolve.ts";
import { bufferStart, checkTransferLength, copies, transferableBuffer } from "./_internal/transfer.ts";
import type { EngineArray, SyncEngine } from "./engine.ts";

type Kernel = (arena: Arena, ...args: readonly number[]) => void;
type Program = readonly { readonly kernel: Kernel; readonly args: readonly number[] }[];

interface Loaded {
  readonly arena: Arena;
  readonly programs: Map<PhaseName, Program>;
}

/** Most elements of an arena: 16 GiB. */
const mostElements = 2 ** 31;

/** The arena of a plan, or an error with its size where it is too large. */
function createArena(plan: Plan): Float64Array {
  const length = arenaLength(plan, 1);
  const refuse = (problem: string, options?: ErrorOptions): never => {
    const remedy = "Use a smaller batch, shorter sequences or a smaller model";
    throw new UnsupportedError({ source: "Engine (reference)", problem, remedy }, options);
  };
  const mebibytes = Math.ceil(length / 2 ** 17);
  if (!(length <= mostElements)) return refuse(`the plan needs ${mebibytes} MiB, more than the 16384 MiB of an arena`);
  try {
    return new Float64Array(length);
  } catch (cause) {
    return refuse(`the host refused an arena of ${mebibytes} MiB`, { cause });
  }
}

/** The calls of one phase, replica after replica and shard after shard, with absolute addresses. */
function link(plan: Plan, name: PhaseName): Program {
  const phase = plan.phases[name];
  if (phase === undefined) {
    throw new UnsupportedError({
      source: "Engine.execute",
      problem: `the plan has no phase "${name}"`,
      remedy: `Compile it with what the phase needs; it has: ${Object.keys(plan.phases).join(", ")}`,
    });
  }
  const replicas = Array.from({ length: plan.replicas }, (_, replica) => replica);
  const perShard = replicas.flatMap((replica) =>
    Array.from({ length: plan.shards }, (_, shard) => ({ replica, shard, thread: 0 })),
  );
  return [
    ...perShard.flatMap((place) => resolveCalls(plan, phase.perShard, place)),
    ...replicas.flatMap((replica) => resolveCalls(plan, phase.shared, { replica, shard: 0, thread: 0 })),
  ].map(({ kernel, args }) => ({ kernel: referenceKernels[kernel], args }));
}

/**
 * Creates the engine that the tests trust: plain TypeScript, float64, one thread.
 *
 * @returns An engine whose `variant` is `reference-f64`; it throws an UnsupportedError at the first use of a plan that needs more than 16 GiB, or than the host has.
 * @example
 * ```ts
 * import { createReferenceEngine } from "@semifactor/train";
 *
 * const engine = createReferenceEngine();
 * expect(engine.variant).toBe("reference-f64");
 * engine.dispose();
 * ```
 */
export function createReferenceEngine(): SyncEngine {
  let loaded = new WeakMap<Plan, Loaded>();
  let disposed = false;

  const load = (source: string, plan: Plan): Loaded => {
    if (disposed) {
      throw new UnsupportedError({ source, problem: "the engine has been disposed", remedy: "Create another engine" });
    }
    const known = loaded.get(plan);
    if (known !== undefined) return known;
    const arena = createArena(plan);
    const fresh = { arena, programs: new Map<PhaseName, Program>() };
    writeConstants(plan, (_type, start, values) => arena.set(values, start));
    loaded.set(plan, fresh);
    return fresh;
  };

  return {
    device: "reference",
    variant: "reference-f64",
    threads: 1,
    execute(plan, phase) {
      const { arena, programs } = load("Engine.execute", plan);
      const program = programs.get(phase) ?? link(plan, phase);
      programs.set(phase, program);
      for (const { kernel, args } of program) kernel(arena, ...args);
    },
    upload(plan, buffer, data) {
      const { arena } = load("Engine.upload", plan);
      const spec = transferableBuffer("Engine.upload", plan, buffer);
      checkTransferLength("Engine.upload", plan, spec, data.length);
      for (let copy = 0; copy < copies(plan, spec); copy++) {
        const start = bufferStart(plan, spec, copy);
        for (let i = 0; i < spec.length; i++) arena[start + i] = data[copy * spec.length + i] ?? Number.NaN;
      }
    },
    download(plan, buffer, out) {
      const { arena } = load("Engine.download", plan);
      const spec = transferableBuffer("Engine.download", plan, buffer);
      const count = copies(plan, spec);
      const result: EngineArray =
        out ?? (spec.type === "i32" ? new Int32Array(count * spec.length) : new Float64Array(count * spec.length));
      checkTransferLength("Engine.download", plan, spec, result.length);
      for (let copy = 0; copy < count; copy++) {
        const start = bufferStart(plan, spec, copy);
        result.set(arena.subarray(start, start + spec.length), copy * spec.length);
      }
      return result;
    },
    memory: (plan) => Float64Array.BYTES_PER_ELEMENT * arenaLength(plan, 1),
    release(plan) {
      loaded.delete(plan);
    },
    dispose() {
      disposed = true;
      loaded = new WeakMap();
    },
  };
}
