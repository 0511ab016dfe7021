/** What a {@link NullGpuDevice} was asked to do. */
export interface NullGpuCounts {
  /** Dispatches of compute shaders. */
  readonly dispatches: number;
  /** Command buffers that were submitted. */
  readonly submits: number;
  /** Bytes written from the host. */
  readonly uploadedBytes: number;
  /** Bytes of the buffers that exist. */
  readonly bufferBytes: number;
  /** Pipelines that were compiled. */
  readonly pipelines: number;
}

/** A device that counts what it is asked to do and does nothing. */
export interface NullGpuDevice extends GPUDevice {
  readonly counts: NullGpuCounts;
}

/** The limits that every WebGPU device has at least, as far as the engine reads them. */
const defaultLimits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  minUniformBufferOffsetAlignment: 256,
  maxComputeWorkgroupsPerDimension: 65535,
};

/**
 * Creates a device that does nothing, for measuring: what is left of a step is the time of our own code on the CPU, and `counts` says how many dispatches a step takes.
 * Downloads return zeros.
 *
 * @param limits - limits that differ from the least that every device has, for instance a small `maxStorageBufferBindingSize`
 * @returns A device to give to `createWebgpuEngine`.
 * @example
 * ```ts
 * import { createNullGpuDevice, createWebgpuEngine } from "@semifactor/train";
 *
 * const device = createNullGpuDevice();
 * const engine = await createWebgpuEngine({ device });
 * expect([engine.variant, device.counts.dispatches]).toEqual(["webgpu-null-shared-tiles", 0]);
 * engine.dispose();
 * ```
 */
export function createNullGpuDevice(limits: Readonly<Record<string, number>> = {}): NullGpuDevice {
  const counts = { dispatches: 0, submits: 0, uploadedBytes: 0, bufferBytes: 0, pipelines: 0 };
  const events = new EventTarget();
  const nothing = (): void => undefined;
  const pass = {
    setPipeline: nothing,
    setBindGroup: nothing,
    dispatchWorkgroups: () => {
      counts.dispatches++;
    },
    end: nothing,
  };
  const encoder = { beginComputePass: () => pass, copyBufferToBuffer: nothing, finish: () => ({}) };
  const device = {
    counts,
    label: "null",
    limits: { ...defaultLimits, ...limits },
    features: new Set<string>(),
    adapterInfo: { vendor: "null", architecture: "", device: "", description: "", isFallbackAdapter: false },
    lost: new Promise<never>(nothing),
    queue: {
      writeBuffer: (_buffer: unknown, _offset: number, data: ArrayBufferView, _from?: number, bytes?: number) => {
        counts.uploadedBytes += bytes ?? data.byteLength;
      },
      submit: () => {
        counts.submits++;
      },
      onSubmittedWorkDone: () => Promise.resolve(),
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    pushErrorScope: nothing,
    popErrorScope: () => Promise.resolve(null),
    createBuffer: ({ size }: { readonly size: number }) => {
      counts.bufferBytes += size;
      let there = true;
      return {
        size,
        mapAsync: () => Promise.resolve(),
        getMappedRange: (_offset: number, bytes: number) => new ArrayBuffer(bytes),
        unmap: nothing,
        destroy: () => {
          if (there) counts.bufferBytes -= size;
          there = false;
        },
      };
    },
    createShaderModule: () => ({ getCompilationInfo: () => Promise.resolve({ messages: [] }) }),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createBindGroup: () => ({}),
    createComputePipelineAsync: () => {
      counts.pipelines++;
      return Promise.resolve({});
    },
    createCommandEncoder: () => encoder,
    destroy: nothing,
  };
  // The parts of a device that the engine uses; the rest of the interface is textures and drawing.
  return device as unknown as NullGpuDevice;
}
