import { UnsupportedError } from "@semifactor/ghmm";
import type { KernelBackend } from "@tensorflow/tfjs-core";
import type { Engine } from "../engines/engine.ts";
import type { WebgpuEngine } from "../engines/webgpu/index.ts";
import type { Plan } from "../plan/types.ts";
import type { Tensor, TensorFlowModule } from "./tensorflow.ts";

/** The module `@tensorflow/tfjs-backend-webgpu`. */
export interface WebgpuBackendModule {
  readonly WebGPUBackend: new (device: GPUDevice, adapterInfo?: GPUAdapterInfo) => KernelBackend;
}

/** Whether an engine has a WebGPU device. */
export function isWebgpuEngine(engine: Engine): engine is WebgpuEngine {
  return engine.device === "webgpu" && "gpuDevice" in engine;
}

/** The name under which the operations of TensorFlow.js for WebGPU are registered. */
const name = "webgpu";

/**
 * Puts TensorFlow.js on the device of an engine: its backend `webgpu` is replaced by one on that device and made the current one, so that tensors and activations stay
 * there. Tensors of the backend that was replaced are lost. In Node the backend wants the globals of a browser first (`window`, `navigator.gpu`, and what the package
 * `webgpu` has in `globals`).
 *
 * @throws UnsupportedError if TensorFlow.js does not accept the backend
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { createNullGpuDevice, createWebgpuEngine } from "@semifactor/train";
 * import { shareDevice } from "@semifactor/train/tfjs";
 *
 * // On a page: import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu", and an engine of createWebgpuEngine().
 * const engine = await createWebgpuEngine({ device: createNullGpuDevice() });
 * class WebGPUBackend extends tf.KernelBackend {
 *   readonly device: GPUDevice;
 *   constructor(device: GPUDevice) {
 *     super();
 *     this.device = device;
 *   }
 *   override dispose() {}
 * }
 * await shareDevice(tf, { WebGPUBackend }, engine);
 * expect(tf.backend()).toHaveProperty("device", engine.gpuDevice);
 *
 * await tf.setBackend("cpu");
 * tf.removeBackend("webgpu");
 * engine.dispose();
 * ```
 */
export async function shareDevice(
  tf: Pick<TensorFlowModule, "registerBackend" | "removeBackend" | "findBackendFactory" | "setBackend">,
  { WebGPUBackend }: WebgpuBackendModule,
  engine: WebgpuEngine,
): Promise<void> {
  if (tf.findBackendFactory(name) != null) tf.removeBackend(name);
  tf.registerBackend(name, () => new WebGPUBackend(engine.gpuDevice, engine.adapterInfo), 3);
  if (await tf.setBackend(name)) return;
  throw new UnsupportedError({
    source: "shareDevice",
    problem: `TensorFlow.js could not make "${name}" its backend`,
    remedy: "Import @tensorflow/tfjs-backend-webgpu of the version of TensorFlow.js, on a page with WebGPU",
  });
}

/** Whether the current backend of TensorFlow.js works on the device of this engine. */
export function sharesDevice(tf: Pick<TensorFlowModule, "backend">, engine: Engine): engine is WebgpuEngine {
  const backend = tf.backend();
  return isWebgpuEngine(engine) && "device" in backend && backend.device === engine.gpuDevice;
}

/** Copies on the device between a buffer of a plan, copy by copy, and a buffer that holds the copies one after another. */
function copyOnDevice(engine: WebgpuEngine, plan: Plan, name: string, other: GPUBuffer, direction: "out" | "in"): void {
  const { gpuBuffer, byteOffset, byteLength, copies, copyStride } = engine.bufferOf(plan, name);
  const encoder = engine.gpuDevice.createCommandEncoder();
  for (let copy = 0; copy < copies; copy++) {
    const [place, packed] = [byteOffset + copy * copyStride, copy * byteLength];
    if (direction === "out") encoder.copyBufferToBuffer(gpuBuffer, place, other, packed, byteLength);
    else encoder.copyBufferToBuffer(other, packed, gpuBuffer, place, byteLength);
  }
  engine.gpuDevice.queue.submit([encoder.finish()]);
}

/**
 * A buffer of a plan as a tensor of a backend on the same device, without a way through the host. The plan's regions are one buffer each, so the values are copied on
 * the device, once.
 */
export function deviceTensor(
  tf: Pick<TensorFlowModule, "tensor">,
  engine: WebgpuEngine,
  plan: Plan,
  name: string,
  shape: readonly number[],
): { readonly tensor: Tensor; readonly buffer: GPUBuffer } {
  const { byteLength, copies } = engine.bufferOf(plan, name);
  const buffer = engine.gpuDevice.createBuffer({
    label: name,
    size: byteLength * copies,
    // STORAGE, COPY_SRC and COPY_DST by their numbers in the specification: Node has no such globals.
    usage: 0x0080 | 0x0004 | 0x0008,
  });
  copyOnDevice(engine, plan, name, buffer, "out");
  return { tensor: tf.tensor({ buffer, zeroCopy: true }, [...shape], "float32"), buffer };
}

/** Writes a tensor of a backend on the same device into a buffer of a plan, without a way through the host. */
export function writeDeviceTensor(engine: WebgpuEngine, plan: Plan, name: string, tensor: Tensor): void {
  const data = tensor.dataToGPU();
  if (data.buffer === undefined) throw new Error(`the tensor for ${name} has no buffer on the device`);
  copyOnDevice(engine, plan, name, data.buffer, "in");
  data.tensorRef.dispose();
}
