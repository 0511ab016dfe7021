import { UnsupportedError } from "@semifactor/ghmm";
import type { BufferSpec, Plan } from "../../plan/types.ts";
import { checkThreads } from "../_internal/check-threads.ts";
import { writeConstants } from "../_internal/constants.ts";
import { bufferStart, checkTransferLength, copies, transferableBuffer } from "../_internal/transfer.ts";
import type { Engine, EngineArray, EngineOptions } from "../engine.ts";
import { kernelBinary } from "../wasm/kernel-module.ts";
import { phaseOrder } from "../wasm/loaded-plan.ts";
import { planMemoryBytes } from "../wasm/plan-memory.ts";
import { type LoadedPlan, loadPlan } from "./loaded-plan.ts";
import { type MergedPlan, mergeShards } from "./merged-plan.ts";
import { runtimeBytes } from "./peak-memory.ts";
import { keepsWorkspace, phaseStages } from "./plan-stages.ts";
import { loadRuntime, type Runtime } from "./runtime.ts";

/** Options of {@link createNativeEngine}. */
export type NativeEngineOptions = Pick<EngineOptions, "threads">;

/** The plan that is executed: the whole batch as one shard where that is possible, and no workspace where the runtime has the activations. */
export function executedPlan(plan: Plan): MergedPlan {
  const { plan: merged, sums } = mergeShards(plan) ?? { plan, sums: new Set<string>() };
  if (keepsWorkspace(merged)) return { plan: merged, sums };
  return { plan: { ...merged, regionLengths: { ...merged.regionLengths, workspace: 0 } }, sums };
}

/**
 * Creates the engine on ONNX Runtime (https://onnxruntime.ai), in Node: float32, the whole batch at once, `threads` threads within every operation.
 *
 * A phase of a plan is one graph of operations, forward and backward, that reads parameters from our memory and writes gradients straight into it; optimizer and
 * sampler are our WebAssembly kernels over the same memory. The shards of a batch are one here, so the gradient is summed over the whole batch by the products
 * themselves, and the buffer `shardGradient` can be neither uploaded nor downloaded. Results are bit-identical from run to run. The first `execute` of a phase compiles its graph;
 * the event loop turns before every graph (one per phase and replica) and stands still while it runs, so timers wait at most for one: use a worker thread where
 * something else must answer meanwhile. `memory` is the arena and an estimate of what the runtime takes for activations: 1.2 times what is alive at once.
 *
 * @throws UnsupportedError if the optional package `onnxruntime-node` is not installed or does not load; later also if a plan does not fit in 4 GiB
 * @throws InvalidArgumentError if `threads` is not a positive integer
 * @example
 * ```ts
 * import { createNativeEngine } from "@semifactor/train";
 *
 * const engine = await createNativeEngine({ threads: 2 });
 * expect(engine.device).toBe("native");
 * engine.dispose();
 * ```
 */
export async function createNativeEngine(options: NativeEngineOptions = {}): Promise<Engine> {
  const threads = checkThreads("createNativeEngine", options);
  const runtime = await loadRuntime(threads);
  return nativeEngine(runtime, threads, await WebAssembly.compile(kernelBinary("wasm-simd", false)));
}

interface Loaded extends LoadedPlan {
  readonly executed: MergedPlan;
}

function nativeEngine(runtime: Runtime, threads: number, module: WebAssembly.Module): Engine {
  const plans = new Map<Plan, Loaded>();
  /** Plans of which a phase runs. Each has a memory of its own, so the others may be used meanwhile. */
  const running = new Set<Plan>();
  let disposed = false;

  const load = (source: string, plan: Plan): Loaded => {
    if (disposed || running.has(plan)) {
      throw new UnsupportedError({
        source,
        problem: disposed ? "the engine has been disposed" : "a phase of the plan is still running",
        remedy: disposed ? "Create another engine" : "Await the promise of execute first",
      });
    }
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const executed = executedPlan(plan);
    const loaded = { ...loadPlan(executed.plan, runtime, module), executed };
    writeConstants(executed.plan, (type, start, values) => {
      (type === "i32" ? loaded.integers : loaded.floats).set(values, start);
    });
    plans.set(plan, loaded);
    return loaded;
  };

  /** The buffer in the executed plan, whose copies lie in the order of the whole view. */
  const transferred = (
    source: string,
    plan: Plan,
    { executed }: Loaded,
    name: string,
    length: number | undefined,
  ): BufferSpec => {
    const asked = transferableBuffer(source, plan, name);
    if (length !== undefined) checkTransferLength(source, plan, asked, length);
    if (executed.sums.has(name)) {
      throw new UnsupportedError({
        source,
        problem: `the buffer "${name}" is one summand per shard, and this engine has the shards of a batch as one`,
        remedy: 'Use the sum, "gradient"',
      });
    }
    const spec = executed.plan.buffers.get(name) ?? asked;
    // A constant may be longer here, once per shard.
    return spec.region === "shared" ? { ...spec, length: asked.length } : spec;
  };

  return {
    device: "native",
    variant: `native-ort-${runtime.version}`,
    threads,
    async execute(plan, phase) {
      const loaded = load("Engine.execute", plan);
      if (plan.phases[phase] === undefined) {
        throw new UnsupportedError({
          source: "Engine.execute",
          problem: `the plan has no phase "${phase}"`,
          remedy: `Compile it with what the phase needs; it has: ${Object.keys(plan.phases).join(", ")}`,
        });
      }
      running.add(plan);
      try {
        for (const action of await loaded.program(phase)) {
          if (disposed) load("Engine.execute", plan);
          await action();
        }
      } finally {
        running.delete(plan);
      }
    },
    upload(plan, buffer, data) {
      const loaded = load("Engine.upload", plan);
      const spec = transferred("Engine.upload", plan, loaded, buffer, data.length);
      const target = spec.type === "i32" ? loaded.integers : loaded.floats;
      for (let copy = 0; copy < copies(loaded.executed.plan, spec); copy++) {
        const start = bufferStart(loaded.executed.plan, spec, copy);
        const first = copy * spec.length;
        for (let i = 0; i < spec.length; i++) target[start + i] = data[first + i] ?? Number.NaN;
      }
    },
    download(plan, buffer, out) {
      const loaded = load("Engine.download", plan);
      const spec = transferred("Engine.download", plan, loaded, buffer, out?.length);
      const count = copies(loaded.executed.plan, spec);
      const length = spec.length * count;
      const result: EngineArray = out ?? (spec.type === "i32" ? new Int32Array(length) : new Float32Array(length));
      const source = spec.type === "i32" ? loaded.integers : loaded.floats;
      for (let copy = 0; copy < count; copy++) {
        const start = bufferStart(loaded.executed.plan, spec, copy);
        result.set(source.subarray(start, start + spec.length), copy * spec.length);
      }
      return result;
    },
    memory(plan) {
      const { plan: executed } = executedPlan(plan);
      const graphs = phaseOrder.flatMap((phase) => phaseStages(executed, phase)?.perShard ?? []);
      const activations = graphs.map((stage) => (stage.kind === "graph" ? runtimeBytes(stage.graph.model) : 0));
      return planMemoryBytes(executed, 1) + Math.max(0, ...activations);
    },
    release(plan) {
      if (!plans.has(plan)) return;
      load("Engine.release", plan).release();
      plans.delete(plan);
    },
    dispose() {
      disposed = true;
      for (const loaded of plans.values()) loaded.release();
      plans.clear();
    },
  };
}
