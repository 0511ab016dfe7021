import type { TransformerConfig } from "../model/config.ts";
import type { PhaseName, Plan } from "../plan/types.ts";

/** A typed array that an engine returns: float64 from the reference engine, float32 from the others, int32 for integer buffers. */
export type EngineArray = Float32Array | Float64Array | Int32Array;

/** The families of engines. */
export type DeviceName = "reference" | "wasm" | "native" | "webgpu";

/**
 * Executes plans. An engine gives each plan an arena of its own at first use and keeps it until {@link Engine.release} or {@link Engine.dispose}.
 *
 * Whole view: a buffer of the region `shard` is uploaded and downloaded as the concatenation over replicas and, in each, over shards, so `tokens` of shape `[rows]`
 * in each of S shards of R replicas is one array of R*S*rows elements in batch order; a buffer of the region `shared` is the concatenation over replicas. Buffers of
 * the region `workspace` can be neither uploaded nor downloaded.
 */
export interface Engine {
  /** The engine family. */
  readonly device: DeviceName;
  /** What runs: `reference-f64`, `wasm-simd`, `wasm-relaxed-simd`, `native-...` or `webgpu-...`. Equal variant, plan and data give bit-identical results. */
  readonly variant: string;
  readonly threads: number;
  /** What was asked for and could not be given, in sentences. */
  readonly notes?: readonly string[];
  /** Runs one phase of the plan. Returns a promise only where it must wait; await it when it is one. Work may still be under way when it settles; `download` waits for it. */
  execute(plan: Plan, phase: PhaseName): Promise<void> | void;
  /** Copies `data` (as many elements as the buffer has, over all copies) into a buffer, before any later `execute`. */
  upload(plan: Plan, buffer: string, data: ArrayLike<number>): void;
  /** Copies a buffer out, into `out` when it is given, after all that was executed. */
  download(plan: Plan, buffer: string, out?: EngineArray): Promise<EngineArray> | EngineArray;
  /** Bytes of device memory that the plan takes on this engine, known before it is allocated. */
  memory(plan: Plan): number;
  /** Forgets the arena of a plan. */
  release(plan: Plan): void;
  /** Stops workers and forgets every arena; the engine cannot be used afterwards. */
  dispose(): void;
  /** Engines on a device that can be lost: gets a device again, with every arena forgotten. */
  restore?(): Promise<void>;
}

/** An engine whose memory is the host's: `download` copies at once. */
export interface SyncEngine extends Engine {
  download(plan: Plan, buffer: string, out?: EngineArray): EngineArray;
}

/** What an engine is wanted for. */
export interface Workload {
  readonly config: TransformerConfig;
  /** Sequences in a batch. */
  readonly batch: number;
  /** Positions per sequence. */
  readonly length: number;
}

/** Options of `createEngine`. */
export interface EngineOptions {
  /** `auto` by default. */
  readonly device?: "auto" | DeviceName;
  /** Number of threads of `wasm` and `native`, 1 by default. Results do not depend on it. */
  readonly threads?: number;
  /** Lets `auto` choose by size. */
  readonly workload?: Workload;
  /** Whether the wasm engine may use relaxed-SIMD fused multiply-add; `auto` (default) uses it where the host has it. It changes the variant, hence the bits. */
  readonly relaxedSimd?: "auto" | boolean;
}
