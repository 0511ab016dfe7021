import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { stepOperations } from "../plan/step-operations.ts";
import { checkThreads } from "./_internal/check-threads.ts";
import type { Engine, EngineOptions, Workload } from "./engine.ts";
import { createReferenceEngine } from "./reference.ts";
import { createWasmEngine } from "./wasm/index.ts";

/** Floating-point operations of a step from which ONNX Runtime is faster than our WebAssembly: a step of about half a millisecond. */
const nativeFrom = 2e7;

/** Whether the host can compile a module with a 128-bit SIMD constant. */
function hasWasmSimd(): boolean {
  // (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt))
  const probe = Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
    ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
  );
  return typeof WebAssembly === "object" && WebAssembly.validate(probe);
}

/** The engine, or undefined where the host does not have what it needs. */
async function unlessUnsupported(create: () => Promise<Engine>): Promise<Engine | undefined> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

async function createWebgpu(software: boolean): Promise<Engine> {
  const { createWebgpuEngine } = await import("./webgpu/index.ts");
  return createWebgpuEngine({ software });
}

async function createNative(threads: number): Promise<Engine> {
  const { createNativeEngine } = await import("./native/index.ts");
  return createNativeEngine({ threads });
}

/** A real GPU, else ONNX Runtime for a workload that is large enough, else WebAssembly, else plain TypeScript. */
async function createFastest(options: EngineOptions, threads: number, workload: Workload | undefined): Promise<Engine> {
  const gpu = await unlessUnsupported(() => createWebgpu(false));
  if (gpu !== undefined) return gpu;
  if (workload !== undefined && stepOperations(workload) >= nativeFrom) {
    const native = await unlessUnsupported(() => createNative(threads));
    if (native !== undefined) return native;
  }
  return hasWasmSimd() ? createWasmEngine(options) : createReferenceEngine();
}

/**
 * Creates an engine that executes plans.
 *
 * `reference` is plain TypeScript in float64, slow and exact; `wasm` is SIMD in float32, with worker threads where `threads` is above 1; `native` is ONNX Runtime (the
 * optional package `onnxruntime-node`, in Node); `webgpu` is WGSL on the device of a browser or of the optional package `webgpu` in Node, also on an adapter that
 * computes on the CPU. `auto` (the default) is `webgpu` where there is a real GPU, else `native` where it is installed and `workload` is large enough, else `wasm` where
 * the host has SIMD, else `reference`. The engine that runs is in `engine.variant`, and what it could not give in `engine.notes`. Results never depend on the number
 * of threads.
 *
 * @throws UnsupportedError if the host cannot run the device that was asked for
 * @throws InvalidArgumentError if the device is unknown or `threads` is not a positive integer
 * @example
 * ```ts
 * import { createEngine } from "@semifactor/train";
 *
 * const engine = await createEngine({ device: "reference" });
 * expect([engine.device, engine.variant, engine.threads]).toEqual(["reference", "reference-f64", 1]);
 * engine.dispose();
 * ```
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const threads = checkThreads("createEngine", options);
  const { device = "auto", workload } = options;
  switch (device) {
    case "reference":
      return createReferenceEngine();
    case "auto":
      return createFastest(options, threads, workload);
    case "wasm":
      if (hasWasmSimd()) return createWasmEngine(options);
      throw new UnsupportedError({
        source: "createEngine",
        problem: "this host has no WebAssembly SIMD",
        remedy: 'Use { device: "reference" }',
      });
    case "webgpu":
      return createWebgpu(true);
    case "native":
      return createNative(threads);
    default:
      throw new InvalidArgumentError({
        source: "createEngine",
        problem: `device is ${JSON.stringify(device)}`,
        remedy: 'Use "webgpu", "native", "wasm", "reference" or "auto"',
      });
  }
}
