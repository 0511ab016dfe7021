import { expect } from "vitest";
import type { KernelArguments } from "../../../kernels/_testing/kernel-arguments.ts";
import { type KernelName, type KernelSignature, kernelSignatures } from "../../../kernels/index.ts";
import { referenceKernels } from "../../../kernels/reference.ts";
import { hasRelaxedSimd, instantiateKernels, kernelBinary, type WasmVariant } from "../kernel-module.ts";
import { scratchBytes } from "../scratch-bytes.ts";

export {
  type BufferArgument,
  float32,
  integers,
  type KernelArguments,
  noise,
  random,
  zeros,
} from "../../../kernels/_testing/kernel-arguments.ts";

const canary = -12345.671875;
/** Words between two buffers, all canaries. */
const gap = 16;

export const variants: readonly WasmVariant[] = hasRelaxedSimd() ? ["wasm-simd", "wasm-relaxed-simd"] : ["wasm-simd"];

const modules = new Map<WasmVariant, WebAssembly.Module>();

function moduleOf(variant: WasmVariant): WebAssembly.Module {
  const known = modules.get(variant);
  if (known) return known;
  const module = new WebAssembly.Module(kernelBinary(variant, false));
  modules.set(variant, module);
  return module;
}

/**
 * Runs a kernel in float64 (reference) and in every wasm variant on the same data, and expects all float buffers to agree to `tolerance` (absolute and relative
 * to the largest entry of the buffer), integer buffers to be equal, and the words between the buffers and after the scratch memory to be untouched.
 */
export function compareKernel(name: KernelName, args: KernelArguments, tolerance = 2e-6): void {
  const signature: KernelSignature = kernelSignatures[name];
  const offsets = new Map<string, number>();
  const lengths = new Map<string, number>();
  let words = gap;
  for (const [argument, kind] of signature.args) {
    const value = args[argument];
    if (value === undefined) throw new Error(`compareKernel: ${name} needs the argument ${argument}`);
    if (kind !== "buffer" || typeof value === "number") continue;
    const same = value.sameAs === undefined ? undefined : offsets.get(value.sameAs);
    offsets.set(argument, same ?? words);
    if (same !== undefined) continue;
    lengths.set(argument, value.data.length);
    words = Math.ceil((words + value.data.length + gap) / 4) * 4;
  }

  const numbers = Object.fromEntries(Object.entries(args).map(([k, v]) => [k, typeof v === "number" ? v : 0]));
  const scratch = scratchBytes(name, numbers) / 4;

  const arena = new Float64Array(words).fill(canary);
  fillBuffers(args, offsets, (argument, index, value) => {
    arena[(offsets.get(argument) ?? 0) + index] = value;
  });
  const call = referenceKernels[name] as (arena: Float64Array, ...rest: readonly number[]) => void;
  call(arena, ...signature.args.map(([argument]) => offsets.get(argument) ?? numbers[argument] ?? 0));

  for (const variant of variants) {
    const pages = Math.ceil(((words + scratch + gap) * 4) / 65536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
    const floats = new Float32Array(memory.buffer);
    const integers = new Int32Array(memory.buffer);
    floats.fill(canary);
    fillBuffers(args, offsets, (argument, index, value, type) => {
      (type === "i32" ? integers : floats)[(offsets.get(argument) ?? 0) + index] = value;
    });
    const kernels = instantiateKernels(moduleOf(variant), memory, words * 4);
    kernels[name]?.(
      ...signature.args.map(([argument, kind]) => {
        const offset = offsets.get(argument);
        if (offset !== undefined) return offset * 4;
        return (numbers[argument] ?? 0) * (kind === "stride" ? 4 : 1);
      }),
    );
    const covered = new Set<number>();
    for (const [argument, length] of lengths) {
      const start = offsets.get(argument) ?? 0;
      const value = args[argument];
      const exact = typeof value === "object" && value.type === "i32";
      const source = exact ? integers : floats;
      const expected = arena.subarray(start, start + length);
      const largest = expected.reduce((m, x) => Math.max(m, Math.abs(x)), 1);
      for (let i = 0; i < length; i++) {
        covered.add(start + i);
        const difference = Math.abs((source[start + i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
        if (!(difference <= (exact ? 0 : tolerance * largest))) {
          expect.fail(`${variant} ${name}: ${argument}[${i}] = ${source[start + i]}, reference ${expected[i]}`);
        }
      }
    }
    for (let i = 0; i < words; i++) {
      if (!covered.has(i) && floats[i] !== canary)
        expect.fail(`${variant} ${name}: wrote outside its buffers, word ${i}`);
    }
    for (let i = words + scratch; i < floats.length; i++) {
      if (floats[i] !== canary) expect.fail(`${variant} ${name}: wrote past its scratch memory (${scratch} words)`);
    }
  }
}

function fillBuffers(
  args: KernelArguments,
  offsets: ReadonlyMap<string, number>,
  write: (argument: string, index: number, value: number, type: "i32" | undefined) => void,
): void {
  for (const argument of offsets.keys()) {
    const value = args[argument];
    if (typeof value !== "object" || value.sameAs !== undefined) continue;
    for (let i = 0; i < value.data.length; i++) write(argument, i, value.data[i] ?? 0, value.type);
  }
}
