import { expect } from "vitest";
import { createKernelRunner, type KernelRunner } from "../../engines/webgpu/_testing/run-kernel.ts";
import type { WebgpuKernel, WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";
import { type KernelName, kernelSignatures } from "../index.ts";
import { referenceKernels } from "../reference.ts";
import { fillNormal, namedArena } from "./named-call.ts";

/** A runner on the host's adapter; where there is none, says so and returns `undefined`. */
export async function webgpuRunner(suite: string): Promise<KernelRunner | undefined> {
  const runner = await createKernelRunner();
  if (typeof runner !== "string") return runner;
  process.stderr.write(`skipped: ${suite} on webgpu: ${runner}\n`);
  return undefined;
}

/** The variants that the adapter of a runner can run. */
export function variantsOf({ subgroups }: KernelRunner): readonly WebgpuVariant[] {
  const storage = "f32";
  return [
    { gemm: "shared-tiles", subgroups: false, storage },
    { gemm: "register-tiles", subgroups: false, storage },
    ...(subgroups
      ? ([
          { gemm: "shared-tiles", subgroups: true, storage },
          { gemm: "register-tiles", subgroups: true, storage },
        ] as const)
      : []),
  ];
}

/** The variants of kernels that use no subgroup operations. */
export function variantsWithoutSubgroups(runner: KernelRunner): readonly WebgpuVariant[] {
  return variantsOf(runner).filter(({ subgroups }) => !subgroups);
}

/** The variants that differ in how matrix products are computed. */
export function productVariants(runner: KernelRunner): readonly WebgpuVariant[] {
  return variantsOf(runner).filter(({ gemm, subgroups }) => gemm === "register-tiles" || !subgroups);
}

/** A kernel call on random data. */
export interface RandomCall {
  readonly name: KernelName;
  readonly kernel: WebgpuKernel;
  /** Elements of the buffers by name; one that is missing is absent. */
  readonly lengths: Readonly<Record<string, number>>;
  /** Buffers that are another buffer. */
  readonly same?: Readonly<Record<string, string>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  readonly numbers: Readonly<Record<string, number>>;
  /** What the data must satisfy, filled in before the call. */
  readonly prepare?: (values: (name: string) => Float64Array) => void;
  /** Largest |difference| over (1 + the largest |expected|); 1e-5 by default. */
  readonly tolerance?: number;
}

/** Runs a call by the reference kernel and twice on the adapter: the buffers agree, the runs bit by bit. */
export async function expectReference(runner: KernelRunner, variant: WebgpuVariant, call: RandomCall): Promise<void> {
  const { name, kernel, lengths, same = {}, integers = {}, numbers, prepare, tolerance = 1e-5 } = call;
  const reference = namedArena(lengths);
  for (const [seed, buffer] of Object.keys(lengths).entries()) {
    const values = reference.values(buffer);
    const given = integers[buffer];
    if (given === undefined) fillNormal(values, seed + 1);
    else values.set(given);
    values.set(Float32Array.from(values));
  }
  prepare?.(reference.values);
  const arrays: Record<string, Float32Array | Int32Array> = {};
  for (const buffer of Object.keys(lengths)) {
    const values = reference.values(buffer);
    arrays[buffer] = integers[buffer] === undefined ? Float32Array.from(values) : Int32Array.from(values);
  }
  for (const [buffer, other] of Object.entries(same)) arrays[buffer] = arrays[other] ?? new Float32Array();
  const run = { name, kernel, variant, arrays, numbers };
  const [results, again] = [await runner.run(run), await runner.run(run)];
  const kernelArguments = kernelSignatures[name].args.map(([argument, kind]) => {
    const buffer = same[argument] ?? argument;
    if (kind !== "buffer") return numbers[argument] ?? 0;
    return buffer in lengths ? reference.values(buffer).byteOffset / Float64Array.BYTES_PER_ELEMENT : 0;
  });
  const runReference: (memory: Float64Array, ...args: readonly number[]) => void = referenceKernels[name];
  runReference(reference.arena, ...kernelArguments);
  for (const buffer of Object.keys(lengths)) {
    const [result, expected] = [results[buffer] ?? [], reference.values(buffer)];
    const size = 1 + expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = expected.reduce((most, value, i) => {
      const error = Math.abs(value - (result[i] ?? Number.NaN)) / size;
      return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(most, error);
    }, 0);
    expect(worst, `${name} ${buffer} ${JSON.stringify({ ...numbers, ...variant })}`).toBeLessThan(tolerance);
    expect(again[buffer], `${name} ${buffer} from run to run`).toEqual(result);
  }
}

/** Every way to leave out some of these buffers. */
export function absences(names: readonly string[]): readonly (readonly string[])[] {
  return names.reduce<readonly (readonly string[])[]>(
    (sets, name) => sets.flatMap((set) => [set, [...set, name]]),
    [[]],
  );
}

/** All of {@link absences} where a shader compiles quickly on a software adapter; else nothing left out and `one`. */
export function absencesOf(
  { gemm, subgroups }: WebgpuVariant,
  names: readonly string[],
  one: readonly string[],
): readonly (readonly string[])[] {
  if (gemm === "register-tiles" && !subgroups) return absences(names);
  return one.length === 0 ? [[]] : [[], one];
}

/** Lengths without some of the buffers. */
export function without(lengths: Readonly<Record<string, number>>, absent: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(lengths).filter(([name]) => !absent.includes(name)));
}
