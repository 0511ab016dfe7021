import { UnsupportedError } from "@semifactor/ghmm";
import { computeStage } from "./constants.ts";
import type { Dispatch } from "./plan-dispatches.ts";
import { regionBindings, shaderText } from "./shader.ts";
import type { WebgpuVariant } from "./webgpu-kernel.ts";

/** Pipelines of a device: equal shaders are compiled once, whichever plan or engine asks for them. */
export interface Pipelines {
  readonly bindGroupLayout: GPUBindGroupLayout;
  /** @throws UnsupportedError with the compiler's messages if the device refuses the shader */
  pipelineOf(dispatch: Dispatch, variant: WebgpuVariant): Promise<GPUComputePipeline>;
}

const known = new WeakMap<GPUDevice, Pipelines>();

/** The compiler's messages, each with the line it is about. */
async function compilerMessages(module: GPUShaderModule, text: string): Promise<readonly string[]> {
  const lines = text.split("\n");
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter(({ type }) => type === "error")
    .map(({ message, lineNum }) => `${message} in "${(lines[lineNum - 1] ?? "").trim()}"`);
}

async function compile(
  device: GPUDevice,
  layout: GPUPipelineLayout,
  name: string,
  text: string,
): Promise<GPUComputePipeline> {
  // The scope takes the shader's errors, which would otherwise be reported a second time as the device's.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code: text });
  const scope = device.popErrorScope();
  const pipeline = device.createComputePipelineAsync({ label: name, layout, compute: { module, entryPoint: "main" } });
  const [compiled] = await Promise.allSettled([pipeline, scope]);
  if (compiled.status === "fulfilled") return compiled.value;
  const messages = await compilerMessages(module, text);
  throw new UnsupportedError(
    {
      source: "Engine (webgpu)",
      problem: `the device refuses the shader of the kernel ${name}: ${messages.join("; ") || String(compiled.reason)}`,
      remedy: "Report it with the name of the adapter; the wasm engine has every kernel",
    },
    { cause: compiled.reason },
  );
}

function createPipelines(device: GPUDevice): Pipelines {
  const bindGroupLayout = device.createBindGroupLayout({
    entries: [
      ...regionBindings.map((_, binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: "storage" as const },
      })),
      { binding: regionBindings.length, visibility: computeStage, buffer: { type: "uniform", hasDynamicOffset: true } },
    ],
  });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [bindGroupLayout] });
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();
  return {
    bindGroupLayout,
    pipelineOf(dispatch, variant) {
      const { kernelName, pass, passIndex, signed, signature, regions } = dispatch;
      const key = JSON.stringify([kernelName, passIndex, Object.entries(regions), variant]);
      const cached = pipelines.get(key);
      if (cached !== undefined) return cached;
      const text = shaderText({ pass, signed, signature, regions, variant });
      const compiled = compile(device, layout, kernelName, text);
      pipelines.set(key, compiled);
      return compiled;
    },
  };
}

/** The pipelines of a device. */
export function pipelinesOf(device: GPUDevice): Pipelines {
  const existing = known.get(device);
  if (existing !== undefined) return existing;
  const created = createPipelines(device);
  known.set(device, created);
  return created;
}
