import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import type { PhaseName, Plan } from "../../plan/types.ts";
import { checkThreads } from "../_internal/check-threads.ts";
import { writeConstants } from "../_internal/constants.ts";
import { bufferStart, checkTransferLength, copies, transferableBuffer } from "../_internal/transfer.ts";
import type { EngineArray, EngineOptions, SyncEngine } from "../engine.ts";
import { hasRelaxedSimd, kernelBinary, type WasmVariant } from "./kernel-module.ts";
import { type LoadedPlan, loadMessage, loadPlan, phaseOrder, runCalls } from "./loaded-plan.ts";
import { planMemoryBytes } from "./plan-memory.ts";
import { whyNoThreads } from "./worker-handle.ts";
import { startWorkerPool, type WorkerPool } from "./worker-pool.ts";

/** Options of {@link createWasmEngine}. */
export type WasmEngineOptions = Pick<EngineOptions, "threads" | "relaxedSimd">;

function chooseVariant(relaxedSimd: "auto" | boolean): WasmVariant {
  if (relaxedSimd !== "auto" && typeof relaxedSimd !== "boolean") {
    throw new InvalidArgumentError({
      source: "createWasmEngine",
      problem: `relaxedSimd is ${JSON.stringify(relaxedSimd)}`,
      remedy: 'Use "auto", true or false',
    });
  }
  if (relaxedSimd === false) return "wasm-simd";
  if (hasRelaxedSimd()) return "wasm-relaxed-simd";
  if (relaxedSimd === "auto") return "wasm-simd";
  throw new UnsupportedError({
    source: "createWasmEngine",
    problem: "this host has no relaxed SIMD",
    remedy: 'Use relaxedSimd: "auto" or false',
  });
}

/**
 * Creates the engine on WebAssembly SIMD: float32, one memory per plan, `threads` threads over the shards of a batch.
 *
 * Shard s of replica r runs on thread (r * shards + s) mod `threads`, each thread with a workspace of its own; the reduction over shards and the AdamW step run afterwards on
 * the calling thread in a fixed order, so results are bit-identical for any number of threads. They differ in the last bits between the variants
 * `wasm-simd` and `wasm-relaxed-simd` (fused multiply-add; a host without that instruction may round twice there too). With more than one thread, `execute`
 * returns a promise wherever the calling thread may not block (the main thread of a browser): await it before the next call. Where the host has no worker
 * threads with shared memory (a page that is not cross-origin isolated), the engine has one thread and says so in `notes`.
 *
 * @throws UnsupportedError if `relaxedSimd` is true on a host without it; later also if a plan does not fit in 4 GiB
 * @throws InvalidArgumentError if `threads` is not a positive integer
 * @example
 * ```ts
 * import { createWasmEngine } from "@semifactor/train";
 *
 * const engine = await createWasmEngine({ relaxedSimd: false });
 * expect(engine.variant).toBe("wasm-simd");
 * engine.dispose();
 * ```
 */
export async function createWasmEngine(options: WasmEngineOptions = {}): Promise<SyncEngine> {
  const threads = checkThreads("createWasmEngine", options);
  const { relaxedSimd = "auto" } = options;
  const variant = chooseVariant(relaxedSimd);
  const refusal = threads > 1 ? whyNoThreads() : undefined;
  const notes = refusal === undefined ? [] : [`${threads} threads asked for, 1 used: ${refusal}`];
  const used = refusal === undefined ? threads : 1;
  const module = await WebAssembly.compile(kernelBinary(variant, used > 1));
  const pool = used > 1 ? await startWorkerPool(used - 1, module) : undefined;
  return wasmEngine(variant, used, notes, module, pool);
}

/** Runs `then` after `action`, which may return a promise and may fail: now, or when the promise settles. */
function settle(action: () => Promise<void> | void, then: () => never): Promise<never> {
  let running: Promise<void> | void;
  try {
    running = action();
  } catch {
    return then();
  }
  return running ? running.then(then, then) : then();
}

function wasmEngine(
  variant: WasmVariant,
  threads: number,
  notes: readonly string[],
  module: WebAssembly.Module,
  pool?: WorkerPool,
): SyncEngine {
  const plans = new Map<Plan, LoadedPlan>();
  let nextId = 0;
  let state: "idle" | "running" | "disposed" = "idle";

  const load = (source: string, plan: Plan): LoadedPlan => {
    if (state !== "idle") {
      const disposed = state === "disposed";
      throw new UnsupportedError({
        source,
        problem: disposed ? "the engine has been disposed" : "a phase is still running",
        remedy: disposed
          ? "Create another engine"
          : "Await the promise of execute first, or use another engine for what runs at the same time",
      });
    }
    const known = plans.get(plan);
    if (known) return known;
    const loaded = loadPlan(plan, nextId++, module, threads);
    writeConstants(plan, (type, start, values) => {
      (type === "i32" ? loaded.integers : loaded.floats).set(values, start);
    });
    plans.set(plan, loaded);
    return loaded;
  };

  const programOf = (plan: Plan, loaded: LoadedPlan, phase: PhaseName) => {
    const program = loaded.programs[phase];
    if (program) return program;
    throw new UnsupportedError({
      source: "Engine.execute",
      problem: `the plan has no phase "${phase}"`,
      remedy: `Compile it with what the phase needs; it has: ${Object.keys(plan.phases).join(", ")}`,
    });
  };

  const sendPlan = (workers: WorkerPool, plan: Plan, loaded: LoadedPlan): Promise<void> | void => {
    workers.send((worker) => loadMessage(plan, loaded, worker + 1, threads));
    loaded.sent = true;
    return workers.wait();
  };

  const executeOnThreads = (workers: WorkerPool, plan: Plan, loaded: LoadedPlan, phase: PhaseName) => {
    const program = programOf(plan, loaded, phase);
    const start = (): Promise<void> | void => {
      workers.run(loaded.id, phaseOrder.indexOf(phase));
      try {
        runCalls(program.perShard);
      } catch (error) {
        // This error comes first, once the workers are idle.
        const rethrow = (): never => {
          throw error;
        };
        return settle(() => workers.wait(), rethrow);
      }
      return workers.wait();
    };
    const finish = (): void => {
      if (state === "disposed") return;
      state = "idle";
      runCalls(program.shared);
    };
    const fail = (error: unknown): never => {
      if (state === "running") state = "idle";
      throw error;
    };
    state = "running";
    try {
      const sent = loaded.sent ? undefined : sendPlan(workers, plan, loaded);
      const ran = sent ? sent.then(start) : start();
      if (ran) return ran.then(finish, fail);
      finish();
    } catch (error) {
      fail(error);
    }
  };

  return {
    device: "wasm",
    variant,
    threads,
    notes,
    execute(plan, phase) {
      const loaded = load("Engine.execute", plan);
      if (pool) return executeOnThreads(pool, plan, loaded, phase);
      const program = programOf(plan, loaded, phase);
      runCalls(program.perShard);
      runCalls(program.shared);
    },
    upload(plan, buffer, data) {
      const { floats, integers } = load("Engine.upload", plan);
      const spec = transferableBuffer("Engine.upload", plan, buffer);
      checkTransferLength("Engine.upload", plan, spec, data.length);
      const target = spec.type === "i32" ? integers : floats;
      for (let copy = 0; copy < copies(plan, spec); copy++) {
        const start = bufferStart(plan, spec, copy);
        const first = copy * spec.length;
        for (let i = 0; i < spec.length; i++) target[start + i] = data[first + i] ?? Number.NaN;
      }
    },
    download(plan, buffer, out) {
      const { floats, integers } = load("Engine.download", plan);
      const spec = transferableBuffer("Engine.download", plan, buffer);
      const length = spec.length * copies(plan, spec);
      const result: EngineArray = out ?? (spec.type === "i32" ? new Int32Array(length) : new Float32Array(length));
      checkTransferLength("Engine.download", plan, spec, result.length);
      const source = spec.type === "i32" ? integers : floats;
      for (let copy = 0; copy < copies(plan, spec); copy++) {
        const start = bufferStart(plan, spec, copy);
        result.set(source.subarray(start, start + spec.length), copy * spec.length);
      }
      return result;
    },
    memory: (plan) => planMemoryBytes(plan, threads),
    release(plan) {
      const loaded = plans.get(plan);
      if (loaded === undefined) return;
      load("Engine.release", plan);
      plans.delete(plan);
      if (!pool || !loaded.sent) return;
      pool.send(() => ({ kind: "release", plan: loaded.id }));
      const released = pool.wait();
      if (!released) return;
      state = "running";
      const idle = (): void => {
        if (state === "running") state = "idle";
      };
      released.then(idle, idle);
    },
    dispose() {
      state = "disposed";
      plans.clear();
      pool?.terminate();
    },
  };
}
