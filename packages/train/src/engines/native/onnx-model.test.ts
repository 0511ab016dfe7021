import { describe, expect, test } from "vitest";
import { encodeOnnxModel, type OnnxModel } from "./onnx-model.ts";
import { loadRuntime } from "./runtime.ts";

const x = { name: "x", type: "float", shape: [2, 3] } as const;
const y = { name: "y", type: "float", shape: [2, 2] } as const;

/** y = 2 x w + c with constants of every type in use. */
const model: OnnxModel = {
  nodes: [
    {
      op: "Gemm",
      inputs: ["x", "w", "c"],
      outputs: ["product"],
      bytes: [16],
      attributes: { alpha: { float: 2 }, transB: 1 },
    },
    { op: "Gather", inputs: ["product", "order"], outputs: ["swapped"], bytes: [16], attributes: { axis: 1 } },
    { op: "Reshape", inputs: ["swapped", "shape"], outputs: ["y"], bytes: [16], attributes: {} },
  ],
  constants: [
    { name: "w", type: "float", shape: [2, 3], data: [1, 0, 0, 0, 1, 1] },
    { name: "c", type: "float", shape: [2], data: [0.5, -0.25] },
    { name: "order", type: "int32", shape: [2], data: [1, 0] },
    { name: "shape", type: "int64", shape: [2], data: [-1, 2] },
  ],
  inputs: [x],
  outputs: [y],
};

test("the runtime reads the model and computes it", async () => {
  const runtime = await loadRuntime(1);
  const session = await runtime.createSession(encodeOnnxModel(model));
  const result = new Float32Array(4);
  const input = Float32Array.of(1, 2, 3, 4, 5, 6);
  await session.run({ x: runtime.tensor(input, [2, 3]) }, { y: runtime.tensor(result, [2, 2]) });
  await session.release();
  expect([...result]).toEqual([2 * 5 - 0.25, 2 * 1 + 0.5, 2 * 11 - 0.25, 2 * 4 + 0.5]);
});

describe("the bytes", () => {
  test("begin with the version of the format and the producer", () => {
    const bytes = encodeOnnxModel(model);
    expect([...bytes.subarray(0, 4)]).toEqual([8, 9, 18, 10]);
    expect(new TextDecoder().decode(bytes.subarray(4, 14))).toBe("semifactor");
  });

  test("import the operators of other domains only where a node is of one", () => {
    const text = (value: OnnxModel): string => new TextDecoder().decode(encodeOnnxModel(value));
    expect(text(model)).not.toContain("com.microsoft");
    const [first, ...rest] = model.nodes;
    if (first === undefined) throw new Error("no node");
    expect(text({ ...model, nodes: [{ ...first, domain: "com.microsoft" }, ...rest] })).toContain("com.microsoft");
  });
});

test("a model that is no graph is refused by the runtime", async () => {
  const runtime = await loadRuntime(1);
  const [first, ...rest] = model.nodes;
  if (first === undefined) throw new Error("no node");
  const wrong = { ...model, nodes: [{ ...first, op: "NoSuchOperation" }, ...rest] };
  await expect(runtime.createSession(encodeOnnxModel(wrong))).rejects.toThrow(/NoSuchOperation/);
});
