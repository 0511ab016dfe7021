import { type ArgumentKind, type KernelName, type KernelSignatures, kernelSignatures } from "../../kernels/index.ts";
import { elementCount } from "../../model/parameters.ts";
import { padded } from "../parameter-layout.ts";
import type { Argument, BufferReference, BufferSpec, BufferType, KernelCall, Region } from "../types.ts";

/** An address, or 0 where the kernel allows an absent buffer. */
export type Address = BufferReference | 0;

type Value<Kind extends ArgumentKind> = Kind extends "buffer" ? Address : number;

/** The arguments of a kernel by name. */
export type NamedArguments<Name extends KernelName> = {
  readonly [Argument in KernelSignatures[Name]["args"][number] as Argument[0]]: Value<Argument[1]>;
};

/** Allocates the buffers of a plan and writes kernel calls by argument name. */
export interface Builder {
  /** Allocates a buffer, or returns the one with this name (scratch space is shared this way). */
  allocate(name: string, region: Region, shape: readonly number[], type?: BufferType): BufferReference;
  /** A kernel call, its named arguments put in the order of the signature. */
  call<Name extends KernelName>(kernel: Name, args: NamedArguments<Name>): KernelCall;
  readonly buffers: ReadonlyMap<string, BufferSpec>;
  regionLengths(): Record<Region, number>;
}

/** A builder with nothing allocated. */
export function createBuilder(): Builder {
  const buffers = new Map<string, BufferSpec>();
  const lengths = { shared: 0, shard: 0, workspace: 0 };
  return {
    buffers,
    allocate(name, region, shape, type = "f32") {
      const known = buffers.get(name);
      if (known !== undefined) return { region: known.region, offset: known.offset };
      const length = elementCount(shape);
      const offset = lengths[region];
      buffers.set(name, { name, region, offset, length, shape, type });
      lengths[region] += padded(length);
      return { region, offset };
    },
    call(kernel, args) {
      const byName: Readonly<Record<string, Argument>> = args;
      return { kernel, args: kernelSignatures[kernel].args.map(([name]) => byName[name] ?? 0) };
    },
    regionLengths: () => ({ ...lengths }),
  };
}

/** The address `elements` after another one. */
export function shifted(address: BufferReference, elements: number): BufferReference {
  return { region: address.region, offset: address.offset + elements };
}
