import { UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createNullGpuDevice } from "./null-device.ts";
import { adapterName, isSoftwareAdapter, requestDevice } from "./request-device.ts";
import { createWebgpuEngine } from "./webgpu-engine.ts";

const info = (change: Partial<GPUAdapterInfo>): GPUAdapterInfo => ({
  ...createNullGpuDevice().adapterInfo,
  ...{ vendor: "", architecture: "", device: "", description: "", isFallbackAdapter: false },
  ...change,
});

const swiftshader = info({ vendor: "google", architecture: "swiftshader", description: "SwiftShader driver 5.0.0" });
const nvidia = info({ vendor: "nvidia", architecture: "ampere" });

/** An adapter that makes null devices and keeps what was asked of it. */
function adapterOf(adapterInfo: GPUAdapterInfo, features: readonly string[] = []) {
  const asked: GPUDeviceDescriptor[] = [];
  const adapter = {
    info: adapterInfo,
    features: new Set(features),
    limits: { maxBufferSize: 7000, maxStorageBufferBindingSize: 5000, maxComputeWorkgroupStorageSize: 32768 },
    requestDevice: async (descriptor: GPUDeviceDescriptor) => {
      asked.push(descriptor);
      return createNullGpuDevice();
    },
  };
  // What the engine reads of an adapter.
  return { asked, adapter: adapter as unknown as GPUAdapter };
}

const gpuOf = (adapter: GPUAdapter | null): GPU => ({ requestAdapter: async () => adapter }) as unknown as GPU;

describe("adapters", () => {
  test("software adapters are known by their flag or their name", () => {
    expect([swiftshader, nvidia].map(isSoftwareAdapter)).toEqual([true, false]);
    expect(isSoftwareAdapter(info({ description: "llvmpipe (LLVM 15.0.6, 256 bits)" }))).toBe(true);
    expect(isSoftwareAdapter(info({ isFallbackAdapter: true }))).toBe(true);
  });

  test("are named by what they say", () => {
    expect(adapterName(nvidia)).toBe("nvidia ampere");
    expect(adapterName(info({}))).toBe("unnamed adapter");
  });

  test.each([
    [swiftshader, {}, "webgpu-swiftshader-register-tiles"],
    [swiftshader, { gemm: "shared-tiles" }, "webgpu-swiftshader-shared-tiles"],
    [nvidia, {}, "webgpu-nvidia-ampere-shared-tiles"],
    [nvidia, { gemm: "register-tiles" }, "webgpu-nvidia-ampere-register-tiles"],
    [nvidia, { subgroups: true, storage: "f16" }, "webgpu-nvidia-ampere-shared-tiles-subgroups-f16"],
    [info({}), {}, "webgpu-unnamed-shared-tiles"],
  ] as const)("the variant says adapter, products and options", async (adapterInfo, options, variant) => {
    const { adapter } = adapterOf(adapterInfo, ["subgroups", "shader-f16"]);
    expect((await createWebgpuEngine({ ...options, gpu: gpuOf(adapter) })).variant).toBe(variant);
  });
});

describe("a device", () => {
  test("has the adapter's limits and only the features that are used", async () => {
    const { adapter, asked } = adapterOf(nvidia, ["subgroups", "shader-f16", "timestamp-query"]);
    await requestDevice({ gpu: gpuOf(adapter) });
    await requestDevice({ adapter, subgroups: true, storage: "f16" });
    expect(asked.map(({ requiredFeatures }) => requiredFeatures)).toEqual([[], ["subgroups", "shader-f16"]]);
    expect(asked[0]?.requiredLimits).toEqual({
      maxBufferSize: 7000,
      maxStorageBufferBindingSize: 5000,
      maxComputeWorkgroupStorageSize: 32768,
    });
  });

  test("that is given is used as it is", async () => {
    const device = createNullGpuDevice();
    expect(await requestDevice({ device })).toMatchObject({ device, owned: false, software: false });
  });

  test.each([
    ["no adapter", { gpu: gpuOf(null) }, "WebGPU is there, but it finds no adapter"],
    [
      "a software adapter where that will not do",
      { gpu: gpuOf(adapterOf(swiftshader).adapter), software: false },
      "the only adapter is google swiftshader SwiftShader driver 5.0.0, which computes on the CPU",
    ],
    ["a missing feature", { gpu: gpuOf(adapterOf(nvidia).adapter), subgroups: true }, "nvidia ampere has no subgroups"],
    [
      "two missing features",
      { adapter: adapterOf(nvidia).adapter, subgroups: true, storage: "f16" as const },
      "nvidia ampere has no subgroups and no shader-f16",
    ],
  ])("%s is an UnsupportedError that says so", async (_, options, problem) => {
    await expect(requestDevice(options)).rejects.toThrow(UnsupportedError);
    await expect(requestDevice(options)).rejects.toThrow(problem);
  });
});
