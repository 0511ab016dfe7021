import { wasmBinary } from "../_internal/wasm-binary.ts";

/** The compiled forms of the kernels: separate multiply and add, or relaxed-SIMD fused multiply-add. */
export type WasmVariant = "wasm-simd" | "wasm-relaxed-simd";

/** A module whose one function is `i32x4.relaxed_madd` on f32x4 operands: valid exactly where the host has relaxed SIMD. */
const relaxedProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
);

interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => { readonly setFlagsFromString?: (flags: string) => void } | undefined;
}

/** The Node process object, undefined elsewhere. */
function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { readonly process?: NodeProcess }).process;
}

/**
 * Whether the host compiles relaxed SIMD. Node 20 has it behind a V8 flag, which is set here: it only makes the instructions valid, for modules compiled
 * afterwards, in worker threads too.
 */
export function hasRelaxedSimd(): boolean {
  if (WebAssembly.validate(relaxedProbe)) return true;
  try {
    nodeProcess()?.getBuiltinModule?.("node:v8")?.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  } catch {
    return false;
  }
  return WebAssembly.validate(relaxedProbe);
}

/** The binary of a variant, for plain memory or for memory shared between threads. */
export function kernelBinary(variant: WasmVariant, sharedMemory: boolean): Uint8Array<ArrayBuffer> {
  const { base64, sharedMemoryFlag } = variant === "wasm-simd" ? wasmBinary.simd : wasmBinary.relaxedSimd;
  const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (sharedMemory) binary[sharedMemoryFlag.offset] = sharedMemoryFlag.value;
  return binary;
}

/** The exports of an instance: every kernel under its name, addresses in bytes, and `set_scratch`. */
export type KernelFunctions = Readonly<Record<string, (...args: readonly number[]) => void>>;

/** Instantiates the kernels over a memory, with their scratch memory at byte address `scratch`. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratch: number,
): KernelFunctions {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as KernelFunctions;
  kernels.set_scratch?.(scratch);
  return kernels;
}
