import { createOnnxGraph, elements } from "../onnx-graph.ts";
import { encodeOnnxModel, type OnnxType, type OnnxValue } from "../onnx-model.ts";
import { type OnnxOperations, onnxOperations } from "../onnx-operations.ts";
import { loadRuntime } from "../runtime.ts";

/** An input of a small graph. */
export interface GraphArgument {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type?: "int32";
}

/** Builds a graph of named inputs, runs it once and returns one float array per result. */
export async function runGraph(
  inputs: Readonly<Record<string, GraphArgument>>,
  build: (operations: OnnxOperations, values: Readonly<Record<string, OnnxValue>>) => readonly OnnxValue[],
): Promise<readonly (readonly number[])[]> {
  const runtime = await loadRuntime(1);
  const graph = createOnnxGraph();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, type }]) => {
      const kind: OnnxType = type ?? "float";
      return [name, graph.input(name, kind, shape)];
    }),
  );
  const results = build(onnxOperations(graph), values);
  const session = await runtime.createSession(encodeOnnxModel(graph.model(results)));
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data, type }]) => [
      name,
      runtime.tensor(type === "int32" ? Int32Array.from(data) : Float32Array.from(data), shape),
    ]),
  );
  const arrays = results.map(({ shape }) => new Float32Array(elements(shape)));
  const fetches = Object.fromEntries(
    results.map(({ name, shape }, i) => [name, runtime.tensor(arrays[i] ?? new Float32Array(), shape)]),
  );
  await session.run(feeds, fetches);
  await session.release();
  return arrays.map((array) => Array.from(array));
}
