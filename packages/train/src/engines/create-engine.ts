import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import type { Engine, EngineOptions } from "./engine.ts";
import { createReferenceEngine } from "./reference.ts";
import { createWasmEngine } from "./wasm/index.ts";

/** Whether the host can compile a module with a 128-bit SIMD constant. */
function hasWasmSimd(): boolean {
  // (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt))
  const probe = Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
    ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
  );
  return typeof WebAssembly === "object" && WebAssembly.validate(probe);
}

/**
 * Creates an engine that executes plans.
 *
 * `reference` is plain TypeScript in float64, slow and exact; `wasm` is SIMD in float32, with worker threads where `threads` is above 1; `auto` (the default) is
 * `wasm` where the host has SIMD, else `reference`. The engine that runs is in `engine.variant`. Results never depend on the number of threads.
 *
 * @throws UnsupportedError for `webgpu` and `native`, which this version does not have, and for `wasm` without SIMD
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
  const { device = "auto", threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new InvalidArgumentError({
      source: "createEngine",
      problem: `threads is ${threads}`,
      remedy: "Give a positive integer",
    });
  }
  switch (device) {
    case "reference":
      return createReferenceEngine();
    case "auto":
      return hasWasmSimd() ? createWasmEngine(options) : createReferenceEngine();
    case "wasm":
      if (hasWasmSimd()) return createWasmEngine(options);
      throw new UnsupportedError({
        source: "createEngine",
        problem: "this host has no WebAssembly SIMD",
        remedy: 'Use { device: "reference" }',
      });
    case "webgpu":
    case "native":
      throw new UnsupportedError({
        source: "createEngine",
        problem: `device "${device}" is not in this version`,
        remedy: 'Use "wasm", "reference" or "auto"',
      });
    default:
      throw new InvalidArgumentError({
        source: "createEngine",
        problem: `device is ${JSON.stringify(device)}`,
        remedy: 'Use "wasm", "reference" or "auto"',
      });
  }
}
