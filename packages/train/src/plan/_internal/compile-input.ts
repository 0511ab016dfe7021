import type { KernelName } from "../../kernels/index.ts";
import type { TransformerConfig } from "../../model/config.ts";
import type { HookPoint } from "../../model/hook-points.ts";
import type { LoraAdapter } from "../../model/lora-adapter.ts";
import type { ParameterLayout } from "../parameter-layout.ts";
import type { TrainableLayout } from "../trainable.ts";
import type { BufferReference } from "../types.ts";
import type { Builder, NamedArguments } from "./builder.ts";
import type { PlannedIntervention } from "./intervention-modes.ts";

/** What the layers of a model share while they are compiled. */
export interface CompileInput {
  readonly config: TransformerConfig;
  readonly adapters: readonly LoraAdapter[];
  readonly parameters: ParameterLayout;
  readonly trainable: TrainableLayout | undefined;
  /** Sequences in one shard. */
  readonly batch: number;
  readonly length: number;
  readonly capture: readonly HookPoint[];
  /** Positions that are captured; all of them when undefined. */
  readonly capturePositions: readonly number[] | undefined;
  readonly captureGradients: readonly HookPoint[];
  readonly injectGradients: readonly HookPoint[];
  readonly interventions: readonly PlannedIntervention[];
}

/** An activation and whether its gradient is needed: whether anything trained, or a captured gradient, lies at or before it. */
export interface Activation {
  readonly data: BufferReference;
  readonly needsGradient: boolean;
}

/** How calls are emitted and buffers found while a model is compiled. */
export interface Emitter {
  readonly builder: Builder;
  emit<Name extends KernelName>(kernel: Name, args: NamedArguments<Name>): void;
  /** A workspace buffer of this name. */
  activation(name: string, shape: readonly number[]): BufferReference;
  /** A shared buffer that holds these values from the start. */
  constant(name: string, shape: readonly number[], values: ArrayLike<number>, type?: "f32" | "i32"): BufferReference;
}
