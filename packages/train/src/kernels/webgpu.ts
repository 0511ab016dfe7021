import type { WebgpuKernel } from "../engines/webgpu/webgpu-kernel.ts";
import type { KernelName } from "./index.ts";

/** The WGSL kernels, one per signature. */
export const webgpuKernels: { readonly [Name in KernelName]?: WebgpuKernel } = {};
