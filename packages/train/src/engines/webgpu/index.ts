export { createNullGpuDevice, type NullGpuCounts, type NullGpuDevice } from "./null-device.ts";
export {
  createWebgpuEngine,
  type DeviceBuffer,
  type WebgpuEngine,
  type WebgpuEngineOptions,
} from "./webgpu-engine.ts";
