import type { KernelName } from "../kernels/index.ts";

/**
 * Where a buffer lives and how many copies of it there are.
 *
 * - `shared`: one copy per replica (parameters, reduced gradient, optimizer moments, scalars);
 * - `shard`: one copy per replica and shard of the batch (inputs, gradient of the shard, row losses, captured activations);
 * - `workspace`: one copy per thread, or per replica and shard on a GPU (activations); every value is written before it is read in the calls of one shard,
 *   and its contents do not outlive them, except between the phases `forward` and `backward`.
 */
export type Region = "shared" | "shard" | "workspace";

/** Element type of a buffer. An f32 engine stores both in 32-bit words; the float64 reference engine keeps integers as numbers. */
export type BufferType = "f32" | "i32";

/** A named, preallocated array of a plan. */
export interface BufferSpec {
  readonly name: string;
  readonly region: Region;
  /** Offset from the start of one copy of the region, in elements; a multiple of 16. */
  readonly offset: number;
  /** Number of elements: the product of `shape`. */
  readonly length: number;
  /** Row-major shape of one copy. */
  readonly shape: readonly number[];
  readonly type: BufferType;
}

/** An address in a plan: element `offset` of one copy of a region (already including the offset of the buffer it lies in). */
export interface BufferReference {
  readonly region: Region;
  readonly offset: number;
}

/** An argument of a kernel call: a number (integer, float, stride in elements, or 0 for an absent buffer) or an address. */
export type Argument = number | BufferReference;

/** One kernel call; `args` in the order of the kernel's signature. */
export interface KernelCall {
  readonly kernel: KernelName;
  readonly args: readonly Argument[];
}

/**
 * One executable part of a plan: first `perShard`, once for every replica and shard (these are independent of each other and may run on any thread in any order),
 * then, after all of them, `shared` once for every replica. In `shared` calls an address in the region `shard` means the copy of the replica's shard 0, and the
 * region `workspace` is not used.
 */
export interface Phase {
  readonly perShard: readonly KernelCall[];
  readonly shared: readonly KernelCall[];
}

/**
 * - `forward`: logits, row losses and captured activations;
 * - `gradient`: that and the gradient, reduced over shards;
 * - `step`: that and one update by the optimizer;
 * - `backward`: the gradient alone, from the activations that `forward` left (plans with `separateBackward`, which have one shard);
 * - `accumulate`: as `gradient`, but added to the gradient that is there;
 * - `update`: one update by the optimizer from the gradient that is there; where the plan accumulates, the gradient is then set to 0;
 * - `sample`: draws the tokens, targets and weights of a batch on the device (plans with a sampler, whose `gradient`, `step` and `accumulate` begin with it).
 */
export type PhaseName = "forward" | "gradient" | "step" | "backward" | "accumulate" | "update" | "sample";

/**
 * A model compiled for a fixed shape: flat lists of kernel calls over one preallocated arena.
 *
 * Arena, in elements (all region lengths are multiples of 16, so every buffer starts on a 64-byte boundary in f32):
 *
 *     0                     16 reserved words (address 0 = absent buffer)
 *     16                          shared of replica 0, replica 1, ..., each regionLengths.shared apart
 *     ... + replicas * shared     shard 0 of replica 0, shard 1 of replica 0, ..., each regionLengths.shard apart
 *     ... + copies * shard        workspace of thread 0, thread 1, ..., each regionLengths.workspace apart
 *
 * The arena is zero when it is created. An engine resolves each call once per (shard, thread) into absolute addresses and then runs a flat loop.
 */
export interface Plan {
  /** Models of one shape that are executed at once, each with its own parameters, data and optimizer state. */
  readonly replicas: number;
  /** Shards of the batch of one replica. */
  readonly shards: number;
  readonly regionLengths: Readonly<Record<Region, number>>;
  readonly buffers: ReadonlyMap<string, BufferSpec>;
  /** Contents that an engine writes into every copy of a buffer when it creates the arena. */
  readonly constants: readonly PlanConstant[];
  readonly phases: Readonly<Partial<Record<PhaseName, Phase>>>;
}

/** What a buffer holds from the start: as many values as one copy of it has elements. */
export interface PlanConstant {
  readonly buffer: string;
  readonly values: ArrayLike<number>;
}

/** Number of reserved words at the start of an arena. */
export const reservedWords = 16;

/**
 * First element of copy `copy` of a region in the arena of a plan (copy = replica for `shared`, replica * shards + shard for `shard`, thread for `workspace`).
 */
export function regionStart(plan: Plan, region: Region, copy: number): number {
  const { shared, shard, workspace } = plan.regionLengths;
  const { replicas, shards } = plan;
  if (region === "shared") return reservedWords + copy * shared;
  if (region === "shard") return reservedWords + replicas * shared + copy * shard;
  return reservedWords + replicas * (shared + shards * shard) + copy * workspace;
}

/** Number of elements of the arena of a plan that is executed by `threads` threads. */
export function arenaLength(plan: Plan, threads: number): number {
  return regionStart(plan, "workspace", threads);
}
