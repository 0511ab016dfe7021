import { afterEach, describe, expect, test, vi } from "vitest";
import { hostGpu } from "./host-gpu.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the host's entry to WebGPU", () => {
  test("is navigator.gpu where it is", async () => {
    const gpu = { requestAdapter: async () => null };
    vi.stubGlobal("navigator", { gpu });
    expect(await hostGpu()).toBe(gpu);
  });

  test("is the package webgpu in Node", async () => {
    vi.stubGlobal("navigator", {});
    expect(typeof (await hostGpu()).requestAdapter).toBe("function");
  });

  test("a browser without it is told so", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("process", Object.create(process, { versions: { value: {} } }));
    await expect(hostGpu()).rejects.toThrow("this host has no WebGPU");
  });
});
