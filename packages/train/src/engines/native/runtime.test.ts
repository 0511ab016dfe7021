import { UnsupportedError } from "@semifactor/ghmm";
import { afterEach, expect, test, vi } from "vitest";
import { loadRuntime } from "./runtime.ts";

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
});

test("the runtime says its version", async () => {
  expect((await loadRuntime(1)).version).toMatch(/^1\.\d+\.\d+$/);
});

test("tensors are views: integers and floats of our memory", async () => {
  const { tensor } = await loadRuntime(1);
  const floats = Float32Array.of(1, 2);
  expect(tensor(floats, [1, 2])).toMatchObject({ type: "float32", dims: [1, 2] });
  expect(tensor(floats, [1, 2])).toHaveProperty("data", floats);
  expect(tensor(Int32Array.of(1), [1])).toMatchObject({ type: "int32" });
});

test("where the package is not installed, it is named, with what to do", async () => {
  vi.doMock("onnxruntime-node", () => {
    throw new Error("Cannot find package 'onnxruntime-node'");
  });
  const error: unknown = await loadRuntime(1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(String(error)).toMatch(/onnxruntime-node does not load.*npm install onnxruntime-node/);
});
