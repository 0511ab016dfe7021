import { describe, expect, test } from "vitest";
import { createOnnxGraph, elements } from "./onnx-graph.ts";

describe("nodes", () => {
  test("the same operation on the same inputs is one node, with other attributes or inputs another", () => {
    const graph = createOnnxGraph();
    const [x, y] = [graph.input("x", "float", [2]), graph.input("y", "float", [2])];
    const sum = graph.node("Add", [x, y], [2]);
    expect(graph.node("Add", [x, y], [2])).toBe(sum);
    expect(graph.node("Add", [y, x], [2])).not.toBe(sum);
    expect(graph.node("Add", [x, y], [2], { attributes: { axis: 0 } })).not.toBe(sum);
    expect(graph.node("Add", [x, y], [2], { domain: "other" })).not.toBe(sum);
    expect(graph.model([sum]).nodes).toHaveLength(1);
  });

  test("only what the outputs need is kept, in an order in which it can be computed", () => {
    const graph = createOnnxGraph();
    const [x, unused] = [graph.input("x", "float", [2]), graph.input("unused", "float", [2])];
    const first = graph.node("Exp", [x], [2]);
    graph.node("Tanh", [unused], [2]);
    const last = graph.node("Mul", [first, 3], [2]);
    const { nodes, inputs, constants } = graph.model([last]);
    expect(nodes.map(({ op }) => op)).toEqual(["Exp", "Mul"]);
    expect(inputs).toEqual([x]);
    expect(constants.map(({ data }) => data)).toEqual([[3]]);
  });

  test("outputs that nobody reads have no name, at the end no place", () => {
    const graph = createOnnxGraph();
    const x = graph.input("x", "float", [2, 4]);
    const shapes = [
      [2, 4],
      [2, 1],
      [2, 1],
    ];
    const [y, , rstd] = graph.nodes("LayerNormalization", [x, 1], shapes, { axis: -1 });
    if (y === undefined || rstd === undefined) throw new Error("no output");
    expect(graph.model([y]).nodes[0]?.outputs).toEqual([y.name]);
    expect(graph.model([rstd]).nodes[0]?.outputs).toEqual(["", "", rstd.name]);
    expect(graph.model([y]).nodes[0]?.bytes).toEqual([32, 8, 8]);
  });

  test("an absent input is an empty name", () => {
    const graph = createOnnxGraph();
    const x = graph.input("x", "float", [2]);
    expect(graph.model([graph.node("Clip", [x, undefined, 1], [2])]).nodes[0]?.inputs[1]).toBe("");
  });
});

describe("constants", () => {
  test("equal ones are one; 0 and -0, types and shapes are told apart", () => {
    const graph = createOnnxGraph();
    expect(graph.constant(0.5)).toBe(graph.constant(0.5));
    expect(graph.constant([1, 2])).toBe(graph.constant([1, 2]));
    expect(graph.constant(0)).not.toBe(graph.constant(-0));
    expect(graph.constant([1, 2])).not.toBe(graph.constant([1, 2], [2, 1]));
    expect(graph.integers(3)).not.toBe(graph.integers([3]));
    expect(graph.integers([3])).not.toBe(graph.integers([3], "int32"));
    expect(graph.integers(3).shape).toEqual([]);
  });
});

describe("shapes", () => {
  const graph = createOnnxGraph();
  const x = graph.node("Exp", [graph.input("x", "float", [2, 6])], [2, 6]);

  test("a value has one form of every shape, and knows its first", () => {
    const flat = graph.reshape(x, [12]);
    expect(graph.reshape(x, [2, 6])).toBe(x);
    expect(graph.reshape(flat, [2, 6])).toBe(x);
    expect(graph.reshape(graph.reshape(flat, [3, 4]), [12])).toBe(flat);
    expect(graph.unshaped(graph.reshape(flat, [3, 4]))).toBe(x);
    expect(graph.unshaped(x)).toBe(x);
  });

  test("other numbers of elements are refused", () => {
    expect(() => graph.reshape(x, [11])).toThrow("reshape [2,6] to [11]");
    expect(elements([])).toBe(1);
    expect(elements([2, 0, 3])).toBe(0);
  });

  test("inputs and constants are not computed", () => {
    expect(graph.isComputed(x)).toBe(true);
    expect(graph.isComputed(graph.constant(1))).toBe(false);
  });
});
