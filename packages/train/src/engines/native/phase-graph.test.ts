import { describe, expect, test } from "vitest";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan } from "../../plan/compile.ts";
import { parameterExtents, phaseGraph } from "./phase-graph.ts";

const { config } = randomModel();
const plan = compilePlan({
  config,
  batch: 2,
  length: 3,
  shards: 1,
  trainable: [{ parameter: "embed.W_E", rows: [2] }, { parameter: "unembed.W_U" }],
});
const at = (region: "shared" | "shard" | "workspace", offset: number) => ({ region, offset });
const none = (): number => 0;

describe("the extent of a parameter", () => {
  test("covers it, and less than 16 elements of padding more", () => {
    const extent = parameterExtents(plan);
    const parameters = plan.buffers.get("parameters");
    for (const { name, offset, count } of plan.parameters.entries.values()) {
      if (/\.b_|norm|\.[wb]$/.test(name)) continue;
      const reach = extent({ region: "shared", offset: (parameters?.offset ?? 0) + offset });
      expect([name, reach >= count && reach < count + 16]).toEqual([name, true]);
    }
  });

  test("is not cut by the copy of one trained row of its gradient", () => {
    const gradient = plan.buffers.get("gradient.embed.W_E");
    expect(gradient?.region).toBe("workspace");
    expect(parameterExtents(plan)(at("workspace", gradient?.offset ?? Number.NaN))).toBe(gradient?.length);
  });
});

describe("what a graph reads and writes", () => {
  test("reads what was not written, writes what it changed outside of the workspace", () => {
    const graph = phaseGraph(
      [
        { kernel: "gelu_forward", args: [at("shard", 0), at("workspace", 0), 8] },
        { kernel: "relu_forward", args: [at("workspace", 0), at("shard", 16), 8] },
      ],
      none,
      [],
    );
    expect(graph.inputs.map(({ region, start, count }) => [region, start, count])).toEqual([["shard", 0, 8]]);
    expect(graph.outputs.map(({ region, start, count }) => [region, start, count])).toEqual([["shard", 16, 8]]);
    expect(graph.model.nodes.at(-1)?.op).toBe("Relu");
  });

  test("of the workspace, all or the ranges that are asked for", () => {
    const calls = [{ kernel: "relu_forward", args: [at("shard", 0), at("workspace", 0), 8] }] as const;
    expect(phaseGraph(calls, none, []).outputs).toEqual([]);
    expect(phaseGraph(calls, none, "all").outputs).toHaveLength(1);
    const within = [{ ...at("workspace", 2), start: 2, count: 3 }];
    expect(phaseGraph(calls, none, within).outputs.map(({ start, count }) => [start, count])).toEqual([[2, 3]]);
  });

  test("a value in two places has two names, an input that is copied one of its own", () => {
    const copy = (from: number, to: number) => ({
      kernel: "copy" as const,
      args: [at("shard", from), at("shard", to), 4],
    });
    const { outputs, model } = phaseGraph([copy(0, 16), copy(0, 32), copy(16, 48)], none, []);
    expect(new Set(outputs.map(({ value }) => value.name)).size).toBe(3);
    expect(model.nodes.map(({ op }) => op)).toEqual(["Identity", "Identity", "Identity"]);
  });

  test("what stays a constant is filled, not computed", () => {
    const graph = phaseGraph([{ kernel: "fill", args: [at("shard", 0), 2.5, 8] }], none, []);
    expect(graph.outputs).toEqual([]);
    expect(graph.fills).toEqual([{ region: "shard", start: 0, count: 8, constant: 2.5 }]);
    expect(graph.model.nodes).toEqual([]);
  });

  test("kernels of the host have no place in a graph", () => {
    const call = { kernel: "clip_scale", args: [at("shared", 0), at("shared", 16)] } as const;
    expect(() => phaseGraph([call], none, [])).toThrow("clip_scale runs on the host");
  });
});
