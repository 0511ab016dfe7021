import type { KernelName, KernelSignature } from "../../kernels/index.ts";
import { kernelSignatures } from "../../kernels/index.ts";
import type { Region } from "../../plan/types.ts";
import { flatWidth, type WebgpuPass, type WebgpuSource, type WebgpuVariant } from "./webgpu-kernel.ts";

/** The regions in the order of their bindings; binding 3 is the slot of the call. */
export const regionBindings: readonly Region[] = ["shared", "shard", "workspace"];

/**
 * Words at the start of a call's slot, before one word per argument of its signature (buffers: their element offset, 0 where absent).
 *
 * Copy z of a dispatch uses copy `z / replicaDivisor` of `shared`, copy `z * shardStep` of `shard` and copy z of `workspace`: (shards, 1) in the calls
 * of each shard, (1, shards) in the shared ones.
 */
export const slotHeader = [
  "replica_divisor",
  "shard_step",
  "shared_stride",
  "shard_stride",
  "workspace_stride",
  "scratch_offset",
  "scratch_stride",
] as const;

/** The region of every buffer argument of a call, by name; `undefined` where the buffer is absent. */
export type BufferRegions = Readonly<Record<string, Region | undefined>>;

/** What the text of a shader depends on. */
export interface ShaderOptions {
  readonly pass: WebgpuPass;
  /** Integer arguments that may be negative. */
  readonly signed: readonly string[];
  readonly signature: KernelSignature;
  readonly regions: BufferRegions;
  readonly variant: WebgpuVariant;
}

function textOf(source: WebgpuSource | undefined, variant: WebgpuVariant, absent: ReadonlySet<string>): string {
  return typeof source === "function" ? source(variant, absent) : (source ?? "");
}

/** Words of a call's slot: the header, then the arguments by name. */
function slotStruct({ signed, signature }: ShaderOptions): string {
  const argument = ([name, kind]: KernelSignature["args"][number]): string => {
    if (kind === "buffer") return `${name}_offset: u32`;
    if (kind === "float") return `${name}: f32`;
    return `${name}: ${signed.includes(name) ? "i32" : "u32"}`;
  };
  const members = [...slotHeader.map((name) => `${name}: u32`), ...signature.args.map(argument)];
  return `struct Slot {\n${members.map((member) => `  ${member},\n`).join("")}}`;
}

/** The functions by which a kernel reads and writes one buffer of its copy. Memory holds u32, for a device may flush integers read as denormal floats to 0. */
function accessors(name: string, region: Region | undefined, f16: boolean): string {
  if (region === undefined) {
    return `const ${name}_present = false;
fn ${name}_at(i: u32) -> f32 { return 0.0; }
fn ${name}_put(i: u32, value: f32) {}
fn ${name}_int(i: u32) -> i32 { return 0; }
fn ${name}_put_int(i: u32, value: i32) {}`;
  }
  const element = `region_${region}[${name}_start + i]`;
  const half = f16 && region === "workspace";
  const float = half ? `f32(${element})` : `bitcast<f32>(${element})`;
  const int = half ? `i32(${element})` : `bitcast<i32>(${element})`;
  const word = half ? "f16(value)" : "bitcast<u32>(value)";
  return `const ${name}_present = true;
var<private> ${name}_start: u32;
fn ${name}_at(i: u32) -> f32 { return ${float}; }
fn ${name}_put(i: u32, value: f32) { ${element} = ${word}; }
fn ${name}_int(i: u32) -> i32 { return ${int}; }
fn ${name}_put_int(i: u32, value: i32) { ${element} = ${word}; }`;
}

/** Which copy of a region an invocation works on. */
const copyOf: Readonly<Record<Region, string>> = {
  shared: "(workgroup.z / p.replica_divisor) * p.shared_stride",
  shard: "(workgroup.z * p.shard_step) * p.shard_stride",
  workspace: "workgroup.z * p.workspace_stride",
};

/** The scratch memory of a call lies behind all copies of the region `shard`. */
const scratchOf = "workgroup.z * p.scratch_stride";

/** Number of invocations of a workgroup. */
export function workgroupSizeOf({ workgroupSize }: WebgpuPass, variant: WebgpuVariant): number {
  return typeof workgroupSize === "number" ? workgroupSize : workgroupSize(variant);
}

/**
 * The text of a compute shader: bindings, accessors of the buffers, the kernel's declarations, and its body in an entry point `main` that is dispatched with
 * the copy in z.
 */
export function shaderText(options: ShaderOptions): string {
  const { pass, signature, variant } = options;
  const regions: BufferRegions = { ...options.regions, scratch: "shard" };
  const f16 = variant.storage === "f16";
  const buffers = [...signature.args.filter(([, kind]) => kind === "buffer").map(([name]) => name), "scratch"];
  const absent = new Set(buffers.filter((name) => regions[name] === undefined));
  const bindings = regionBindings.map(
    (region, binding) =>
      `@group(0) @binding(${binding}) var<storage, read_write> region_${region}: array<${f16 && region === "workspace" ? "f16" : "u32"}>;`,
  );
  const starts = buffers.flatMap((name) => {
    const region = regions[name];
    if (region === undefined) return [];
    return [`  ${name}_start = p.${name}_offset + ${name === "scratch" ? scratchOf : copyOf[region]};`];
  });
  const subgroupInputs = variant.subgroups
    ? ", @builtin(subgroup_invocation_id) subgroup_lane: u32, @builtin(subgroup_size) subgroup_size: u32"
    : "";
  return [
    ...(f16 ? ["enable f16;"] : []),
    ...(variant.subgroups ? ["enable subgroups;"] : []),
    slotStruct(options),
    ...bindings,
    "@group(0) @binding(3) var<uniform> p: Slot;",
    `fn flat_group(group: vec2<u32>) -> u32 { return group.y * ${flatWidth}u + group.x; }`,
    ...buffers.map((name) => accessors(name, regions[name], f16)),
    textOf(pass.declarations, variant, absent),
    `@compute @workgroup_size(${workgroupSizeOf(pass, variant)})`,
    `fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32${subgroupInputs}) {`,
    "  let group = workgroup.xy;",
    ...starts,
    "  {",
    textOf(pass.body, variant, absent),
    "  }",
    "}",
    "",
  ].join("\n");
}

/** The signature of a kernel, with its arguments as a plain list. */
export function signatureOf(name: KernelName): KernelSignature {
  return kernelSignatures[name];
}
