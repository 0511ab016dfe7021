import { describe, expect, test } from "vitest";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan, type PlanOptions } from "../../plan/compile.ts";
import type { Plan } from "../../plan/types.ts";
import { mergeShards } from "./merged-plan.ts";
import { keepsWorkspace, phaseStages, stageCalls } from "./plan-stages.ts";

const model = randomModel();
const planFor = (options: Partial<PlanOptions> = {}): Plan => {
  const plan = compilePlan({ config: model.config, batch: 4, length: 3, shards: 2, ...options });
  return mergeShards(plan)?.plan ?? plan;
};
const graphOf = (plan: Plan, phase: "forward" | "gradient" | "step" | "backward" | "accumulate") => {
  const stages = phaseStages(plan, phase);
  const last = stages?.perShard.at(-1);
  if (stages === undefined || last?.kind !== "graph") throw new Error("no graph");
  return { stages, graph: last.graph };
};

test("calls of the host and of the graph alternate", () => {
  const at = { region: "shard", offset: 0 } as const;
  const copy = { kernel: "copy", args: [at, at, 1] } as const;
  const sum = { kernel: "sum_of_squares", args: [at, at, 1] } as const;
  const split = stageCalls([copy, copy, sum, copy]).map(({ host, calls }) => [host, calls.length]);
  expect(split).toEqual([
    [false, 2],
    [true, 1],
    [false, 1],
  ]);
  expect(stageCalls([])).toEqual([]);
});

describe("the gradient", () => {
  const plan = planFor({ trainable: "all", accumulate: true });
  const [gradient, micro] = [plan.buffers.get("gradient"), plan.buffers.get("gradient.micro")];

  test("is written where its sum over shards belongs, all of it, and the copy is gone", () => {
    const { stages, graph } = graphOf(plan, "step");
    expect(stages.shared.map(({ kernel }) => kernel)).not.toContain("reduce_shards");
    const ranges = [...graph.outputs, ...graph.fills].filter(({ region }) => region === "shared");
    const sorted = ranges.toSorted((a, b) => a.start - b.start);
    let end = gradient?.offset ?? Number.NaN;
    for (const { start, count } of sorted) {
      expect(start).toBe(end);
      end += count;
    }
    expect(end).toBe((gradient?.offset ?? 0) + (gradient?.length ?? 0));
  });

  test("of one batch of several goes where it is added from", () => {
    const { stages, graph } = graphOf(plan, "accumulate");
    expect(stages.shared.map(({ kernel }) => kernel)).toEqual(["add"]);
    const first = Math.min(...graph.outputs.filter(({ region }) => region === "shared").map(({ start }) => start));
    expect(first).toBeGreaterThanOrEqual(micro?.offset ?? Number.NaN);
  });

  test("that the graph writes in part is copied by the host", () => {
    const at = (region: "shard" | "shared", offset: number) => ({ region, offset }) as const;
    const spec = { shape: [32], length: 32, offset: 0, type: "f32" } as const;
    const part: Plan = {
      replicas: 1,
      shards: 1,
      regionLengths: { shared: 32, shard: 64, workspace: 0 },
      buffers: new Map([
        ["first", { ...spec, name: "first", region: "shard" }],
        ["x", { ...spec, name: "x", region: "shard", offset: 32 }],
        ["out", { ...spec, name: "out", region: "shared" }],
      ]),
      constants: [],
      phases: {
        gradient: {
          perShard: [{ kernel: "relu_forward", args: [at("shard", 32), at("shard", 0), 16] }],
          shared: [{ kernel: "reduce_shards", args: [at("shard", 0), 32, at("shared", 0), 1, 32] }],
        },
      },
    };
    expect(phaseStages(part, "gradient")?.shared).toHaveLength(1);
  });

  test("is summed by the host where shards are apart", () => {
    const apart = compilePlan({ config: model.config, batch: 4, length: 3, shards: 2, trainable: "all" });
    expect(phaseStages(apart, "gradient")?.shared.map(({ kernel }) => kernel)).toEqual(["reduce_shards"]);
  });
});

describe("activations", () => {
  test("are the runtime's: a graph writes none of them to the arena", () => {
    const plan = planFor({ trainable: "all" });
    expect(keepsWorkspace(plan)).toBe(false);
    expect(graphOf(plan, "step").graph.outputs.some(({ region }) => region === "workspace")).toBe(false);
  });

  test("that the backward pass goes on from are written by the forward pass, and no others", () => {
    const plan = planFor({ shards: 1, trainable: "all", separateBackward: true });
    expect(keepsWorkspace(plan)).toBe(true);
    const written = graphOf(plan, "forward").graph.outputs.filter(({ region }) => region === "workspace");
    const read = graphOf(plan, "backward").graph.inputs.filter(({ region }) => region === "workspace");
    expect(read.length).toBeGreaterThan(10);
    const key = ({ start, count }: { readonly start: number; readonly count: number }) => `${start} ${count}`;
    expect(written.map(key).sort()).toEqual(read.map(key).sort());
    expect(graphOf(plan, "gradient").graph.outputs.some(({ region }) => region === "workspace")).toBe(false);
  });
});

test("a phase that the plan lacks has no stages; one without calls of a shard has none of those", () => {
  expect(phaseStages(planFor(), "step")).toBeUndefined();
  expect(phaseStages(planFor({ trainable: "all" }), "update")?.perShard).toEqual([]);
});
