import { UnsupportedError } from "@semifactor/ghmm";
import { hostGpu } from "./host-gpu.ts";

/** Where the device comes from, and what it must have. */
export interface DeviceOptions {
  /** A device that is already there, for instance the one of a tfjs backend; the engine leaves it alone when it is disposed. */
  readonly device?: GPUDevice;
  /** The adapter to ask for a device; by default the host's fastest. */
  readonly adapter?: GPUAdapter;
  /** Where to ask for an adapter: `navigator.gpu` by default and, in Node, the optional package `webgpu`. */
  readonly gpu?: GPU;
  /** Whether an adapter that computes on the CPU will do, true by default. */
  readonly software?: boolean;
  /** Whether kernels may use subgroup operations, false by default. */
  readonly subgroups?: boolean;
  /** Element type of the activations in memory, `f32` by default; arithmetic is f32. */
  readonly storage?: "f32" | "f16";
}

/** A device and what is known of the adapter it is on. */
export interface RequestedDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
  /** Whether it was made here, so that it is also destroyed here. */
  readonly owned: boolean;
  /** Kept: without it Node would collect the instance that the device lives in. */
  readonly gpu?: GPU;
}

const source = "createWebgpuEngine";

/** What an adapter says of itself, in one string. */
export function adapterName({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return [vendor, architecture, device, description].filter((part) => part !== "").join(" ") || "unnamed adapter";
}

/** Whether an adapter computes on the CPU. */
export function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|basic render/i.test(adapterName(info));
}

function neededFeatures({ subgroups = false, storage = "f32" }: DeviceOptions): GPUFeatureName[] {
  return [...(subgroups ? (["subgroups"] as const) : []), ...(storage === "f16" ? (["shader-f16"] as const) : [])];
}

function checkFeatures(options: DeviceOptions, has: GPUSupportedFeatures, name: string): void {
  const missing = neededFeatures(options).filter((feature) => !has.has(feature));
  if (missing.length === 0) return;
  throw new UnsupportedError({
    source,
    problem: `${name} has no ${missing.join(" and no ")}`,
    remedy: 'Use { subgroups: false, storage: "f32" }, the defaults',
  });
}

function checkSoftware(software: boolean, options: DeviceOptions, name: string): void {
  if (!software || options.software !== false) return;
  throw new UnsupportedError({
    source,
    problem: `the only adapter is ${name}, which computes on the CPU`,
    remedy: "Use { software: true }, or the wasm engine, which is faster there",
  });
}

async function requestAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter !== null) return adapter;
  throw new UnsupportedError({
    source,
    problem: "WebGPU is there, but it finds no adapter",
    remedy: "Install a driver (Vulkan on Linux; VK_DRIVER_FILES names one that is not found), or use the wasm engine",
  });
}

/**
 * A device for the engine, with the adapter's limits of buffer sizes and workgroup memory.
 *
 * @throws UnsupportedError if there is no WebGPU, no adapter, only a software adapter where that will not do, or a feature is missing
 */
export async function requestDevice(options: DeviceOptions): Promise<RequestedDevice> {
  const given = options.device;
  if (given !== undefined) {
    const info = given.adapterInfo;
    const software = isSoftwareAdapter(info);
    checkSoftware(software, options, adapterName(info));
    checkFeatures(options, given.features, adapterName(info));
    return { device: given, info, software, owned: false };
  }
  const gpu = options.gpu ?? (options.adapter === undefined ? await hostGpu() : undefined);
  const adapter = options.adapter ?? (gpu && (await requestAdapter(gpu)));
  if (adapter === undefined) throw new UnsupportedError({ source, problem: "no adapter", remedy: "Give one" });
  const software = isSoftwareAdapter(adapter.info);
  checkSoftware(software, options, adapterName(adapter.info));
  checkFeatures(options, adapter.features, adapterName(adapter.info));
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = adapter.limits;
  const device = await adapter.requestDevice({
    label: "semifactor",
    requiredFeatures: neededFeatures(options),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize },
  });
  return { device, info: adapter.info, software, owned: true, ...(gpu === undefined ? {} : { gpu }) };
}
