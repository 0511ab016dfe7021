import type { PhaseName, Plan } from "../plan/types.ts";

/** A typed array that an engine returns: float64 from the reference engine, float32 from the others, int32 for integer buffers. */
export type EngineArray = Float32Array | Float64Array | Int32Array;

/**
 * Executes plans. An engine gives each plan an arena of its own at first use and keeps it until {@link Engine.release} or {@link Engine.dispose}.
 *
 * Whole-batch view: a buffer of the region `shard` is uploaded and downloaded as the concatenation over shards, so `tokens` of shape `[rows]` in each of S
 * shards is one array of S*rows elements in batch order. Buffers of the region `workspace` can be neither uploaded nor downloaded.
 */
export interface Engine {
  /** What was asked for: the engine family. */
  readonly device: "reference" | "wasm";
  /** What runs: `reference-f64`, `wasm-simd` or `wasm-relaxed-simd`. Equal variant, plan and data give bit-identical results. */
  readonly variant: string;
  readonly threads: number;
  /** Runs one phase of the plan. Returns a promise only where it must wait (worker threads); await it when it is one. */
  execute(plan: Plan, phase: PhaseName): Promise<void> | void;
  /** Copies `data` (as many elements as the buffer has, over all shards) into a buffer. */
  upload(plan: Plan, buffer: string, data: ArrayLike<number>): void;
  /** Copies a buffer out, into `out` when it is given. */
  download(plan: Plan, buffer: string, out?: EngineArray): EngineArray;
  /** Forgets the arena of a plan. */
  release(plan: Plan): void;
  /** Stops workers and forgets every arena; the engine cannot be used afterwards. */
  dispose(): void;
}

/** Options of `createEngine`. */
export interface EngineOptions {
  /** `auto` (default) is `wasm` where WebAssembly SIMD exists, else `reference`. */
  readonly device?: "auto" | "wasm" | "reference" | "webgpu" | "native";
  /** Number of threads, 1 by default. Results do not depend on it. */
  readonly threads?: number;
  /** Whether the wasm engine may use relaxed-SIMD fused multiply-add; `auto` (default) uses it where the host has it. It changes the variant, hence the bits. */
  readonly relaxedSimd?: "auto" | boolean;
}
