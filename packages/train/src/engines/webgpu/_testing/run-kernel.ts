import { type KernelName, kernelSignatures } from "../../../kernels/index.ts";
import { bufferUsage, computeStage, mapModeRead } from "../constants.ts";
import { hostGpu } from "../host-gpu.ts";
import { shaderText, signatureOf, slotHeader } from "../shader.ts";
import type { WebgpuKernel, WebgpuVariant } from "../webgpu-kernel.ts";

/** Named arrays in, the same arrays out. */
export type Arrays = Readonly<Record<string, Float32Array | Int32Array>>;

/** One kernel, its arguments and the variant to build it for. */
export interface KernelRun {
  readonly name: KernelName;
  readonly kernel: WebgpuKernel;
  readonly variant: WebgpuVariant;
  /** Buffer arguments by name; one that is missing is absent. Two names of one array are one buffer. */
  readonly arrays: Arrays;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Runs kernels on the host's GPU, one at a time. */
export interface KernelRunner {
  readonly subgroups: boolean;
  /** The arrays as the kernel leaves them. */
  run(call: KernelRun): Promise<Record<string, Float32Array | Int32Array>>;
  /** Seconds that each of `count` runs in a row took. */
  time(call: KernelRun, count: number): Promise<number>;
  dispose(): void;
}

const align = (n: number): number => Math.ceil(n / 16) * 16;

/** A runner, or the reason why there is none. */
export async function createKernelRunner(): Promise<KernelRunner | string> {
  const gpu = await hostGpu().catch((error: unknown) => String(error));
  if (typeof gpu === "string") return gpu;
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return "WebGPU finds no adapter";
  const subgroups = adapter.features.has("subgroups");
  const device = await adapter.requestDevice({ requiredFeatures: subgroups ? ["subgroups"] : [] });
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();

  async function execute({ name, kernel, variant, arrays, numbers }: KernelRun, count: number) {
    const signature = signatureOf(name);
    const offsets = new Map<Float32Array | Int32Array, number>();
    let end = 16;
    for (const array of Object.values(arrays)) {
      if (offsets.has(array)) continue;
      offsets.set(array, end);
      end = align(end + array.length);
    }
    const args = Object.fromEntries(
      kernelSignatures[name].args.map(([arg, kind]) => [
        arg,
        kind === "buffer" ? Number(arg in arrays) : (numbers[arg] ?? 0),
      ]),
    );
    const scratch = end;
    const total = align(end + (kernel.scratch?.(args, variant) ?? 0));
    const memory = new ArrayBuffer(4 * total);
    for (const [array, offset] of offsets) {
      if (array instanceof Float32Array) new Float32Array(memory).set(array, offset);
      else new Int32Array(memory).set(array, offset);
    }
    const slot = new DataView(new ArrayBuffer(4 * (slotHeader.length + signature.args.length)));
    slotHeader.forEach((word, i) => {
      slot.setUint32(4 * i, { replica_divisor: 1, shard_step: 1, scratch_offset: scratch }[String(word)] ?? 0, true);
    });
    signature.args.forEach(([arg, kind], i) => {
      const at = 4 * (slotHeader.length + i);
      const array = arrays[arg];
      if (kind === "buffer") slot.setUint32(at, array === undefined ? 0 : (offsets.get(array) ?? 0), true);
      else if (kind === "float") slot.setFloat32(at, numbers[arg] ?? 0, true);
      else slot.setInt32(at, numbers[arg] ?? 0, true);
    });
    const buffer = (bytes: number, usage: number): GPUBuffer => device.createBuffer({ size: bytes, usage });
    const usage = bufferUsage.storage | bufferUsage.copyDst | bufferUsage.copySrc;
    const regions = [buffer(16, usage), buffer(memory.byteLength, usage), buffer(16, usage)];
    const uniform = buffer(slot.byteLength, bufferUsage.uniform | bufferUsage.copyDst);
    const read = buffer(memory.byteLength, bufferUsage.mapRead | bufferUsage.copyDst);
    const [, shard = regions[0]] = regions;
    if (shard === undefined) throw new Error("no buffer");
    device.queue.writeBuffer(shard, 0, memory);
    device.queue.writeBuffer(uniform, 0, slot.buffer);
    const layout = device.createBindGroupLayout({
      entries: [0, 1, 2, 3].map((binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: binding === 3 ? "uniform" : "storage" },
      })),
    });
    const group = device.createBindGroup({
      layout,
      entries: [...regions, uniform].map((resource, binding) => ({ binding, resource: { buffer: resource } })),
    });
    const present = Object.fromEntries(
      signature.args.map(([arg]) => [arg, arg in arrays ? ("shard" as const) : undefined]),
    );
    const passes = [kernel, ...(kernel.second === undefined ? [] : [kernel.second])];
    const compiled = passes.map((pass) => {
      const { signed = [] } = kernel;
      const code = shaderText({ pass, signed, signature, regions: present, variant });
      const known = pipelines.get(code);
      if (known !== undefined) return known;
      const module = device.createShaderModule({ code });
      const pipeline = device
        .createComputePipelineAsync({
          layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
          compute: { module, entryPoint: "main" },
        })
        .catch(async (cause: unknown) => {
          const { messages } = await module.getCompilationInfo();
          const lines = code.split("\n");
          const details = messages.map(
            ({ message, lineNum }) => `${message} in "${(lines[lineNum - 1] ?? "").trim()}"`,
          );
          throw new Error(`the shader of ${name}: ${details.join("; ")}`, { cause });
        });
      pipelines.set(code, pipeline);
      return pipeline;
    });
    const ready = await Promise.all(compiled);
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) {
      for (const [index, pass] of passes.entries()) {
        const pipeline = ready[index];
        const [x, y] = pass.workgroups(args, variant);
        if (pipeline === undefined || x * y === 0) continue;
        const encoded = encoder.beginComputePass();
        encoded.setPipeline(pipeline);
        encoded.setBindGroup(0, group);
        encoded.dispatchWorkgroups(x, y, 1);
        encoded.end();
      }
    }
    encoder.copyBufferToBuffer(shard, 0, read, 0, memory.byteLength);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(mapModeRead);
    const seconds = (performance.now() - start) / 1000 / count;
    const bytes = read.getMappedRange().slice(0);
    for (const used of [...regions, uniform, read]) used.destroy();
    const results = Object.fromEntries(
      Object.entries(arrays).map(([arg, array]) => {
        const at = 4 * (offsets.get(array) ?? 0);
        return [
          arg,
          array instanceof Float32Array
            ? new Float32Array(bytes, at, array.length)
            : new Int32Array(bytes, at, array.length),
        ];
      }),
    );
    return { results, seconds };
  }

  return {
    subgroups,
    run: async (call) => (await execute(call, 1)).results,
    time: async (call, count) => (await execute(call, count)).seconds,
    dispose() {
      device.destroy();
      // The device lives in the instance that `gpu` stands for.
      void gpu;
    },
  };
}
