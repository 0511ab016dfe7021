import type { KernelName, KernelSignature } from "../index.ts";
import { kernelSignatures } from "../index.ts";
import { referenceKernels } from "../reference.ts";
import { type BufferArgument, type KernelArguments, noise } from "./kernel-arguments.ts";

/** A kernel call to try on every engine. */
export interface KernelCase {
  /** What is odd about it. */
  readonly label: string;
  readonly args: KernelArguments;
}

/** Where the buffers of a case lie: element offset and length by argument name, from `gap` on, each at a multiple of 16. */
export interface CaseLayout {
  readonly offsets: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Words before, between and after the buffers. */
const gap = 16;

/** Lays out the buffers of a case; arguments that share memory have one offset, absent ones none. */
export function layOut(kernel: KernelName, args: KernelArguments): CaseLayout {
  const offsets = new Map<string, number>();
  let end = gap;
  const signature: KernelSignature = kernelSignatures[kernel];
  for (const [name, kind] of signature.args) {
    const value = args[name];
    if (value === undefined) throw new Error(`a case of ${kernel} needs the argument ${name}`);
    if (kind !== "buffer" || typeof value === "number") continue;
    const same = value.sameAs === undefined ? undefined : offsets.get(value.sameAs);
    offsets.set(name, same ?? end);
    if (same === undefined) end = Math.ceil((end + value.data.length + gap) / 16) * 16;
  }
  return { offsets, length: end };
}

/** The contents of every buffer of a case after the float64 kernel, by name. */
export function referenceResults(kernel: KernelName, args: KernelArguments): ReadonlyMap<string, Float64Array> {
  const { offsets, length } = layOut(kernel, args);
  const arena = new Float64Array(length);
  const buffers = [...offsets].map(([name, offset]) => [name, offset, args[name]] as const);
  for (const [, offset, value] of buffers) {
    if (typeof value === "object" && value.sameAs === undefined) arena.set(Array.from(value.data), offset);
  }
  const call: (arena: Float64Array, ...rest: readonly number[]) => void = referenceKernels[kernel];
  const number = (value: BufferArgument | number | undefined): number => (typeof value === "number" ? value : 0);
  call(arena, ...kernelSignatures[kernel].args.map(([name]) => offsets.get(name) ?? number(args[name])));
  return new Map(
    buffers.map(([name, offset, value]) => [
      name,
      arena.slice(offset, offset + (typeof value === "object" ? value.data.length : 0)),
    ]),
  );
}

/** One buffer of {@link referenceResults}, rounded to float32, as an argument. */
export function resultOf(kernel: KernelName, args: KernelArguments, name: string): BufferArgument {
  return { data: Float32Array.from(referenceResults(kernel, args).get(name) ?? []) };
}

/** Positive float32 noise in [floor, floor + 2 scale]. */
export function positive(seed: number, length: number, scale = 1, floor = 0.01): BufferArgument {
  return { data: noise(seed, length, scale).map((x) => x + scale + floor) };
}
