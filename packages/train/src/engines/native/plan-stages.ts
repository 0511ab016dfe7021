import { kernelsToOnnx } from "../../kernels/native.ts";
import type { KernelCall, PhaseName, Plan } from "../../plan/types.ts";
import { type PhaseGraph, parameterExtents, phaseGraph } from "./phase-graph.ts";
import type { PlanRange } from "./plan-values.ts";

/** Calls of a shard that run in one piece: as a graph, or one after another in WebAssembly. */
export type Stage =
  | { readonly kind: "graph"; readonly graph: PhaseGraph }
  | { readonly kind: "host"; readonly calls: readonly KernelCall[] };

/** A phase as stages of a shard, and the calls that follow once for every replica. */
export interface PhaseStages {
  readonly perShard: readonly Stage[];
  readonly shared: readonly KernelCall[];
}

/** Splits calls into runs of those that the host executes and those that become a graph. */
export function stageCalls(calls: readonly KernelCall[]): readonly { host: boolean; calls: readonly KernelCall[] }[] {
  const stages: { host: boolean; calls: KernelCall[] }[] = [];
  for (const call of calls) {
    const host = kernelsToOnnx[call.kernel] === "host";
    const last = stages.at(-1);
    if (last !== undefined && last.host === host) last.calls.push(call);
    else stages.push({ host, calls: [call] });
  }
  return stages;
}

/** Whether the calls of a shard that the host executes touch the workspace, or come between graphs: then the workspace must lie in the arena. */
function sharesWorkspace(plan: Plan): boolean {
  return Object.values(plan.phases).some(({ perShard }) => {
    const stages = stageCalls(perShard);
    const touches = (call: KernelCall): boolean =>
      call.args.some((value) => typeof value !== "number" && value.region === "workspace");
    return (
      stages.filter(({ host }) => !host).length > 1 || stages.some(({ host, calls }) => host && calls.some(touches))
    );
  });
}

/** Whether the arena of a plan has a workspace: activations are the runtime's, unless they outlive a graph. */
export function keepsWorkspace(plan: Plan): boolean {
  return plan.phases.backward !== undefined || sharesWorkspace(plan);
}

/**
 * `reduce_shards` over one shard is a copy: where a phase begins its shared calls with one, its graph writes the gradient to the place of the sum instead.
 */
function withoutCopy(graph: PhaseGraph, shared: readonly KernelCall[]): PhaseStages | undefined {
  const [first, ...rest] = shared;
  if (first === undefined || first.kernel !== "reduce_shards") return undefined;
  const [source, , out, shards, n] = first.args;
  if (typeof source !== "object" || typeof out !== "object" || typeof n !== "number" || shards !== 1) return undefined;
  const inside = ({ region, start, count }: PlanRange): boolean =>
    region === source.region && start >= source.offset && start + count <= source.offset + n;
  const meets = ({ region, start, count }: PlanRange): boolean =>
    region === source.region && start < source.offset + n && start + count > source.offset;
  const ranges = [...graph.outputs, ...graph.fills];
  const covered = ranges.filter(inside).reduce((sum, { count }) => sum + count, 0);
  const readLater = rest.some(({ args }) =>
    args.some((value) => typeof value !== "number" && meets({ region: value.region, start: value.offset, count: 1 })),
  );
  const mixed = ranges.some((range) => meets(range) && !inside(range));
  if (covered !== n || readLater || mixed || graph.inputs.some(meets)) return undefined;
  const move = <Range extends PlanRange>(range: Range): Range =>
    inside(range) ? { ...range, region: out.region, start: out.offset + range.start - source.offset } : range;
  const moved = { ...graph, outputs: graph.outputs.map(move), fills: graph.fills.map(move) };
  return { perShard: [{ kind: "graph", graph: moved }], shared: rest };
}

/** Translates a phase of a plan. */
export function phaseStages(plan: Plan, name: PhaseName): PhaseStages | undefined {
  const phase = plan.phases[name];
  if (phase === undefined) return undefined;
  const extent = parameterExtents(plan);
  const { backward } = plan.phases;
  const keep = (): readonly PlanRange[] | "all" => {
    if (sharesWorkspace(plan)) return "all";
    return backward !== undefined && name === "forward" ? phaseGraph(backward.perShard, extent, []).inputs : [];
  };
  const perShard = stageCalls(phase.perShard).map(
    ({ host, calls }): Stage =>
      host ? { kind: "host", calls } : { kind: "graph", graph: phaseGraph(calls, extent, keep()) },
  );
  const last = perShard.at(-1);
  const direct = plan.shards === 1 && last?.kind === "graph" ? withoutCopy(last.graph, phase.shared) : undefined;
  if (direct === undefined) return { perShard, shared: phase.shared };
  return { perShard: [...perShard.slice(0, -1), ...direct.perShard], shared: direct.shared };
}
