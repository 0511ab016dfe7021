export { createEngine } from "./create-engine.ts";
export { DeviceLostError } from "./device-lost-error.ts";
export type { DeviceName, Engine, EngineArray, EngineOptions, SyncEngine, Workload } from "./engine.ts";
export { createNativeEngine, type NativeEngineOptions } from "./native/index.ts";
export { createReferenceEngine } from "./reference.ts";
export { createWasmEngine, type WasmEngineOptions } from "./wasm/index.ts";
export {
  createNullGpuDevice,
  createWebgpuEngine,
  type DeviceBuffer,
  type NullGpuCounts,
  type NullGpuDevice,
  type WebgpuEngine,
  type WebgpuEngineOptions,
} from "./webgpu/index.ts";
