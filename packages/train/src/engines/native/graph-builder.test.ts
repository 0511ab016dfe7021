import { describe, expect, test } from "vitest";
import { createGraphBuilder } from "./graph-builder.ts";
import { createOnnxGraph } from "./onnx-graph.ts";

const at = (offset: number) => ({ region: "workspace", offset }) as const;

function builderOver(extent = 0) {
  const graph = createOnnxGraph();
  return { graph, ...createGraphBuilder(graph, () => extent) };
}

describe("buffers", () => {
  test("what is written is read back, the value itself", () => {
    const { builder } = builderOver();
    const value = builder.map("Exp", builder.read(at(0), [4]));
    builder.write(at(16), value);
    expect(builder.read(at(16), [4])).toBe(value);
  });

  test("an absent buffer cannot be read, is not written and holds nothing to add to", () => {
    const { builder, values } = builderOver();
    const value = builder.read(at(0), [4]);
    builder.write(0, value);
    builder.accumulate(0, value);
    builder.fill(0, 1, 4);
    expect(values.outputs("workspace")).toEqual([]);
    expect(builder.previous(0, [4])).toBeUndefined();
    expect(builder.extent(0)).toBe(0);
    expect(() => builder.read(0, [4])).toThrow("absent");
  });

  test("adding to zeros overwrites; to anything else it adds", () => {
    const { builder, graph } = builderOver();
    const value = builder.map("Exp", builder.read(at(0), [4]));
    builder.fill(at(16), 0, 8);
    builder.accumulate(at(16), value);
    expect(builder.read(at(16), [4])).toBe(value);
    builder.accumulate(at(16), value);
    builder.fill(at(32), 1, 4);
    builder.accumulate(at(32), value);
    const results = [builder.read(at(16), [4]), builder.read(at(32), [4])];
    expect(graph.model(results).nodes.map(({ op }) => op)).toEqual(["Exp", "Add", "Expand", "Add"]);
  });

  test("what was before: undefined where there are zeros, else the contents in the shape that is asked for", () => {
    const { builder } = builderOver();
    builder.fill(at(0), 0, 4);
    builder.fill(at(16), 2, 4);
    expect(builder.previous(at(0), [2, 2])).toBeUndefined();
    expect(builder.previous(at(16), [2, 2])?.shape).toEqual([2, 2]);
    expect(builder.previous(at(64), [3])?.name).toMatch(/^workspace\.64/);
  });

  test("the extent of a parameter is asked of the plan", () => {
    expect(builderOver(12).builder.extent(at(0))).toBe(12);
  });
});
