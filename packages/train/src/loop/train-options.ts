import type { BatchSource } from "../data/batch-source.ts";
import type { Engine } from "../engines/engine.ts";
import type { Intervention } from "../model/interventions.ts";
import type { Transformer } from "../model/transformer.ts";
import type { TrainableSpec } from "../plan/trainable.ts";
import type { AuxiliaryLoss } from "./auxiliary-loss.ts";
import type { EvaluateOptions } from "./early-stopping.ts";
import type { OptimalLoss, StepMetrics } from "./metrics.ts";
import type { ObserveOptions } from "./observe.ts";
import type { OptimizerOptions } from "./optimizer.ts";
import type { TrainState } from "./state.ts";

/** What one model is trained from and with. */
export interface ReplicaOptions {
  readonly model: Transformer;
  readonly source: BatchSource;
  readonly optimizer: OptimizerOptions;
  /** State to go on from; the weights in it replace the model's. */
  readonly resumeFrom?: TrainState;
  /** The least possible loss, in nats, one number or `[length]`: `onStep` is then told the excess over it. */
  readonly optimalLoss?: OptimalLoss;
}

/** How a run goes, for one model or several. Every callback gets the index of the replica last; `train` has one, 0. */
export interface LoopOptions {
  readonly engine: Engine;
  /** Steps in total, those before `resumeFrom` included. */
  readonly steps: number;
  /** `adapters` by default where the model has some, else `all`. */
  readonly trainable?: TrainableSpec;
  /** Shards of a batch, a divisor of the batch size; chosen by batch size by default. It changes the order of summation, hence the last bits. */
  readonly shards?: number;
  /** Micro-batches per step, 1 by default: step s takes the batches s k, ..., s k + k - 1, and its loss is the mean over all their counted targets. */
  readonly accumulate?: number;
  /**
   * Loss and gradient norm are read back every so many steps: 1 by default, 16 on `webgpu`. Weights do not depend on it. `onStep` is called for every step,
   * in order, when its values arrive, and a loss that is not finite is seen then. Steps that accumulate are always read back.
   */
  readonly metricsEvery?: number;
  /** Whether the device draws the batches of sources with a `sampler`: `auto` (default) on `webgpu` only. The tokens are the same, bit for bit. */
  readonly sampleOnDevice?: "auto" | boolean;
  readonly onStep?: (metrics: StepMetrics, replica: number) => void | Promise<void>;
  /** Called every `every` steps, after the last step and when the signal aborts, with a state that `resumeFrom` takes. */
  readonly checkpoint?: {
    readonly every: number;
    readonly save: (state: TrainState, replica: number) => void | Promise<void>;
  };
  /** Losses on activations, added to the cross-entropy. Activations of the whole batch are then kept, in one shard, and metrics are read back every step. */
  readonly auxiliary?: readonly AuxiliaryLoss[];
  /** Changes of activations while the model is trained; gradients are those of the changed model. Not with several replicas. */
  readonly interventions?: readonly Intervention[];
  /** Measures the model every so many steps and stops where it no longer improves. */
  readonly evaluate?: EvaluateOptions;
  /** Follows the values of parameters. */
  readonly observe?: ObserveOptions;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  /** How many times a lost device may be restored, 3 by default; the run goes on from the last state that was read back and ends with the same bits. */
  readonly recoveries?: number;
}

/** Options of `train`. */
export interface TrainOptions extends ReplicaOptions, LoopOptions {}

/** Options of `trainReplicas`. */
export interface TrainReplicasOptions extends LoopOptions {
  /** Models of one configuration with sources of one shape; weights, data, seeds and rates may differ. */
  readonly replicas: readonly ReplicaOptions[];
}

/** Result of `train`, and of each replica of `trainReplicas`. */
export interface TrainResult {
  readonly model: Transformer;
  readonly state: TrainState;
  /** Whether all steps were done; false where the signal or an evaluation stopped them. */
  readonly completed: boolean;
  /** What ended the run: its last step, the signal, or `evaluate` running out of patience. */
  readonly stoppedBy: "steps" | "signal" | "evaluation";
  /** How many times a lost device was restored. */
  readonly recoveries: number;
  /** The engine that ran, e.g. `wasm-relaxed-simd`. */
  readonly variant: string;
}
