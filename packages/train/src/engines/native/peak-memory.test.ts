import { describe, expect, test } from "vitest";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan } from "../../plan/compile.ts";
import { planMemoryBytes } from "../wasm/plan-memory.ts";
import { createNativeEngine, executedPlan } from "./native-engine.ts";
import { createOnnxGraph } from "./onnx-graph.ts";
import { peakActivationBytes, runtimeBytes } from "./peak-memory.ts";

describe("the bytes that are alive at once", () => {
  test("in a chain: a value and the one made of it", () => {
    const graph = createOnnxGraph();
    let value = graph.input("x", "float", [10]);
    for (const op of ["Exp", "Tanh", "Neg", "Exp"]) value = graph.node(op, [value], [10]);
    // The last one is an output, in our memory.
    expect(peakActivationBytes(graph.model([value]))).toBe(80);
  });

  test("outputs of the graph are not counted", () => {
    const graph = createOnnxGraph();
    const x = graph.input("x", "float", [10]);
    expect(peakActivationBytes(graph.model([graph.node("Exp", [x], [10]), graph.node("Tanh", [x], [10])]))).toBe(0);
  });

  test("a value that is needed at the end stays", () => {
    const graph = createOnnxGraph();
    const first = graph.node("Exp", [graph.input("x", "float", [10])], [10]);
    let value = first;
    for (const op of ["Tanh", "Neg", "Exp"]) value = graph.node(op, [value], [10]);
    expect(peakActivationBytes(graph.model([graph.node("Add", [first, value], [10])]))).toBe(120);
  });

  test("another shape of a value takes nothing, and keeps it alive", () => {
    const graph = createOnnxGraph();
    const value = graph.node("Exp", [graph.input("x", "float", [10])], [10]);
    const other = graph.reshape(value, [2, 5]);
    const result = graph.node("Tanh", [graph.node("Neg", [other], [2, 5])], [2, 5]);
    expect(peakActivationBytes(graph.model([result]))).toBe(80);
  });

  test("integers of 64 bits and truth values have their own sizes", () => {
    const graph = createOnnxGraph();
    const x = graph.input("x", "float", [10]);
    const wide = graph.node("Cast", [x], [10], { type: "int64", attributes: { to: 7 } });
    const narrow = graph.node("Cast", [wide], [10], { type: "bool", attributes: { to: 9 } });
    const result = graph.node("Cast", [narrow], [10], { attributes: { to: 1 } });
    expect(peakActivationBytes(graph.model([result]))).toBe(90);
    expect(runtimeBytes(graph.model([result]))).toBe(108);
  });
});

test("the memory of a plan is the arena and more for a step than for a forward pass, in proportion to the batch", async () => {
  const engine = await createNativeEngine();
  const { config } = randomModel({ dModel: 16, nHeads: 2, dMlp: 64, nCtx: 16 });
  const activations = (batch: number, trained: boolean): number => {
    const plan = compilePlan({
      config,
      batch,
      length: 16,
      loss: true,
      ...(trained ? { trainable: "all" as const } : {}),
    });
    return engine.memory(plan) - planMemoryBytes(executedPlan(plan).plan, 1);
  };
  const [forward, step, twice] = [activations(8, false), activations(8, true), activations(16, true)];
  expect(forward).toBeGreaterThan(0);
  expect(step).toBeGreaterThan(2 * forward);
  expect(twice / step).toBeGreaterThan(1.8);
  expect(twice / step).toBeLessThan(2.05);
  engine.dispose();
});
