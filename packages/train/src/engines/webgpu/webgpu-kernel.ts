/** What a pipeline is specialised for besides its kernel; equal variant, plan and data give bit-identical results on one adapter. */
export interface WebgpuVariant {
  /** How matrix products are computed: tiles in workgroup memory (a GPU) or register tiles without barriers (a software adapter). */
  readonly gemm: "shared-tiles" | "register-tiles";
  /** Whether kernels may use subgroup operations. */
  readonly subgroups: boolean;
  /** Element type of the workspace in memory; arithmetic is f32. */
  readonly storage: "f32" | "f16";
}

/** WGSL that may depend on the variant and on which buffer arguments are absent. */
export type WebgpuSource = string | ((variant: WebgpuVariant, absent: ReadonlySet<string>) => string);

/** One dispatch of a kernel. */
export interface WebgpuPass {
  /** Invocations per workgroup (one-dimensional), at most 256. */
  readonly workgroupSize: number | ((variant: WebgpuVariant) => number);
  /** Module-scope WGSL: `var<workgroup>`, helper functions, constants. */
  readonly declarations?: WebgpuSource;
  /** Body of the entry point. */
  readonly body: WebgpuSource;
  /** Workgroups [x, y] of one copy, from the arguments by name (buffer arguments: 0 where absent, else 1). */
  workgroups(args: WebgpuArguments, variant: WebgpuVariant): readonly [x: number, y: number];
}

/** The arguments of a call by name; those that are buffers are 0 where absent, else 1. */
export type WebgpuArguments = Readonly<Record<string, number>>;

/**
 * One kernel in WGSL. The engine writes the bindings, the accessors and the entry point around it and dispatches it once for all copies (replicas and shards):
 * the kernel sees one copy.
 *
 * In scope of `body` and `declarations`: `p`, the arguments that are no buffers by their names (u32 for `int` and `stride`, i32 where named in `signed`, f32 for
 * `float`); for every buffer argument `x` the functions `x_at(i: u32) -> f32`, `x_put(i: u32, value: f32)`, `x_int(i: u32) -> i32`,
 * `x_put_int(i: u32, value: i32)`, and `const x_present: bool`; for an absent buffer the functions return 0 and do nothing. In scope of `body` alone:
 * `group: vec2<u32>` (workgroup_id.xy), `lane: u32` (the local invocation index), and with subgroups `subgroup_lane` and `subgroup_size`.
 * `flat_group(group)` is the index of a workgroup in a grid made by {@link flatWorkgroups}.
 */
export interface WebgpuKernel extends WebgpuPass {
  /** Integer arguments that are i32 in `p`. */
  readonly signed?: readonly string[];
  /** A second dispatch, which reads what the first wrote. */
  readonly second?: WebgpuPass;
  /** Words of f32 memory of one copy that the two share, as a buffer `scratch`; its contents do not outlive the call. */
  readonly scratch?: (args: WebgpuArguments, variant: WebgpuVariant) => number;
}

/** Width of the grid of {@link flatWorkgroups}: the largest power of two that fits in one dimension of a dispatch (65535). */
export const flatWidth = 32768;

/** A grid of at least `count` workgroups numbered by `flat_group(group)`; the kernel skips what is past its end. */
export function flatWorkgroups(count: number): readonly [x: number, y: number] {
  return count <= flatWidth ? [Math.max(1, count), 1] : [flatWidth, Math.ceil(count / flatWidth)];
}
