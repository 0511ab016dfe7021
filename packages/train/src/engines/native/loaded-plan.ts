import type { KernelCall, PhaseName, Plan } from "../../plan/types.ts";
import { regionStart } from "../../plan/types.ts";
import { instantiateKernels, type KernelFunctions } from "../wasm/kernel-module.ts";
import { allocatePlanMemory, type PlanMemory } from "../wasm/plan-memory.ts";
import { threadProgram } from "../wasm/program.ts";
import { encodeOnnxModel } from "./onnx-model.ts";
import type { PhaseGraph } from "./phase-graph.ts";
import { phaseStages } from "./plan-stages.ts";
import type { PlanRange } from "./plan-values.ts";
import type { Runtime, RuntimeSession, RuntimeTensor } from "./runtime.ts";

/** Something that is done once for every step. */
type Action = () => Promise<void> | undefined;

/** A plan in a memory of its own; phases are translated when they are first asked for. */
export interface LoadedPlan extends PlanMemory {
  /** What a phase does, in order. */
  program(phase: PhaseName): Promise<readonly Action[]>;
  /** Frees the sessions. */
  release(): void;
}

/** The places of the copies of a shard, in order. */
const copiesOf = (plan: Plan): readonly number[] => Array.from({ length: plan.replicas * plan.shards }, (_, i) => i);

/** First element of a range in the arena, for one copy of a shard. */
function startOf(plan: Plan, { region, start }: PlanRange, copy: number): number {
  const place = { shared: Math.floor(copy / plan.shards), shard: copy, workspace: 0 }[region];
  return regionStart(plan, region, place) + start;
}

/** The graph of one copy of a shard: tensors over the arena, made once. */
function graphAction(
  plan: Plan,
  memory: PlanMemory,
  runtime: Runtime,
  session: RuntimeSession | undefined,
  graph: PhaseGraph,
  copy: number,
): Action {
  const { floats, integers } = memory;
  const fills = graph.fills.map((fill) => {
    const start = startOf(plan, fill, copy);
    return { view: floats.subarray(start, start + fill.count), constant: fill.constant };
  });
  const feeds: Record<string, RuntimeTensor> = {};
  for (const input of graph.inputs) {
    const start = startOf(plan, input, copy);
    const words = input.type === "i32" ? integers : floats;
    feeds[input.value.name] = runtime.tensor(words.subarray(start, start + input.count), input.value.shape);
  }
  const fetches: Record<string, RuntimeTensor> = {};
  const staged: { readonly from: Float32Array; readonly to: Float32Array }[] = [];
  for (const output of graph.outputs) {
    const start = startOf(plan, output, copy);
    const to = floats.subarray(start, start + output.count);
    // What the graph also reads must not change while it runs.
    const meets = graph.inputs.some(
      (input) =>
        input.region === output.region &&
        input.start < output.start + output.count &&
        output.start < input.start + input.count,
    );
    const from = meets ? new Float32Array(output.count) : to;
    if (meets) staged.push({ from, to });
    fetches[output.value.name] = runtime.tensor(from, output.value.shape);
  }
  return async () => {
    for (const { view, constant } of fills) view.fill(constant);
    await session?.run(feeds, fetches);
    for (const { from, to } of staged) to.set(from);
  };
}

/** The calls that the host executes. */
function hostAction(
  plan: Plan,
  kernels: KernelFunctions,
  calls: readonly KernelCall[],
  which: "perShard" | "shared",
  copy: number,
): Action {
  const phase = { perShard: [], shared: [], [which]: calls };
  const all = threadProgram({ ...plan, phases: { forward: phase } }, "forward", 0, 1)[which];
  const own = all.slice(copy * calls.length, (copy + 1) * calls.length).map(([name, args]) => {
    const kernel = kernels[name];
    if (kernel === undefined) throw new Error(`the wasm module has no kernel ${name}`);
    return { kernel, args };
  });
  return () => {
    for (const { kernel, args } of own) kernel(...args);
    return undefined;
  };
}

/** Allocates the memory of a plan, without a workspace unless activations outlive a graph. */
export function loadPlan(plan: Plan, runtime: Runtime, module: WebAssembly.Module): LoadedPlan {
  const memory = allocatePlanMemory(plan, 1, "Engine (native)");
  const kernels = instantiateKernels(module, memory.memory, memory.scratch(0));
  const sessions = new Map<string, Promise<RuntimeSession>>();
  const programs = new Map<PhaseName, Promise<readonly Action[]>>();

  /** The session of a graph; phases with the same graph have one. */
  const sessionOf = (graph: PhaseGraph): Promise<RuntimeSession> | undefined => {
    if (graph.outputs.length === 0) return undefined;
    const key = JSON.stringify(graph.model);
    const known = sessions.get(key) ?? runtime.createSession(encodeOnnxModel(graph.model));
    sessions.set(key, known);
    return known;
  };

  const translate = async (name: PhaseName): Promise<readonly Action[]> => {
    const stages = phaseStages(plan, name);
    if (stages === undefined) return [];
    const actions: Action[] = [];
    for (const copy of copiesOf(plan)) {
      for (const stage of stages.perShard) {
        actions.push(
          stage.kind === "host"
            ? hostAction(plan, kernels, stage.calls, "perShard", copy)
            : graphAction(plan, memory, runtime, await sessionOf(stage.graph), stage.graph, copy),
        );
      }
    }
    for (let replica = 0; replica < plan.replicas; replica++) {
      actions.push(hostAction(plan, kernels, stages.shared, "shared", replica));
    }
    return actions;
  };

  return {
    ...memory,
    program(phase) {
      const known = programs.get(phase) ?? translate(phase);
      programs.set(phase, known);
      return known;
    },
    release() {
      for (const session of sessions.values()) session.then((created) => created.release()).catch(() => {});
      sessions.clear();
      programs.clear();
    },
  };
}
