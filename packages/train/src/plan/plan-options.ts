import type { TransformerConfig } from "../model/config.ts";
import type { HookPoint } from "../model/hook-points.ts";
import type { LoraAdapter } from "../model/lora-adapter.ts";
import type { PlannedIntervention } from "./_internal/intervention-modes.ts";
import type { SamplerShape } from "./_internal/sampler.ts";
import type { TrainableSpec } from "./trainable.ts";

/** What a plan is compiled for: everything that is fixed while it runs. */
export interface PlanOptions {
  readonly config: TransformerConfig;
  readonly adapters?: readonly LoraAdapter[];
  /** Sequences in a batch of one replica. */
  readonly batch: number;
  /** Positions per sequence, at most `nCtx`. */
  readonly length: number;
  /** Models of this shape that run at once, 1 by default. */
  readonly replicas?: number;
  /** Shards of the batch; a divisor of `batch`. */
  readonly shards?: number;
  /** What is trained; without it the plan has no optimizer. */
  readonly trainable?: TrainableSpec;
  /** `adamw` by default. */
  readonly optimizer?: "adamw" | "sgd";
  /** Adds the phase `accumulate`; `update` then sets the gradient to 0. */
  readonly accumulate?: boolean;
  /** Adds the phase `backward`, which goes on from the activations of `forward`; needs one shard. */
  readonly separateBackward?: boolean;
  /** Draws batches on the device from a hidden Markov model. */
  readonly sampler?: SamplerShape;
  /** Keeps loss and gradient norm of so many steps in the buffer `metrics` [slots, 2], in the slot that `scalars` names. */
  readonly metricsSlots?: number;
  readonly capture?: readonly HookPoint[];
  /** Positions that are captured, all by default. */
  readonly capturePositions?: readonly number[];
  /** Hook points whose gradients are kept, in `gradient.at.<hook>`. */
  readonly captureGradients?: readonly HookPoint[];
  /** Hook points where `inject.<hook>` is added to the gradient. */
  readonly injectGradients?: readonly HookPoint[];
  readonly interventions?: readonly PlannedIntervention[];
  /** Keep the logits of the whole batch. */
  readonly keepLogits?: boolean;
  /** Compute the row losses. Implied by `trainable`. */
  readonly loss?: boolean;
  /** What is differentiated: the weighted cross-entropy (default), or sum(logits logitGradient) with the buffer `logitGradient` [rows, outputSize]. */
  readonly objective?: "cross-entropy" | "logits";
}
