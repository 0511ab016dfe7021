import { NotConvergedError } from "@semifactor/ghmm";
import type { Engine } from "../engines/engine.ts";
import type { WeightArray } from "../model/transformer.ts";
import type { CompiledPlan } from "../plan/compile.ts";
import { unpackParameters } from "../plan/parameter-layout.ts";

/** Loss and gradient norm of every step done, `[step]`. */
export interface TrainHistory {
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
}

/** AdamW's moments over the trained elements, in the order of the flat gradient. */
export interface OptimizerState {
  readonly m: WeightArray;
  readonly v: WeightArray;
}

/** Everything that training needs to go on: bit-identical to never having stopped. */
export interface TrainState {
  /** Steps done. */
  readonly step: number;
  /** TransformerLens names and shapes. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly optimizer: OptimizerState;
  readonly history: TrainHistory;
}

/** A float buffer of a plan, copied out. */
function downloadFloats(engine: Engine, plan: CompiledPlan, buffer: string): WeightArray {
  const values = engine.download(plan, buffer);
  return values instanceof Int32Array ? Float64Array.from(values) : values;
}

/**
 * Copies the state out of an engine.
 *
 * @throws NotConvergedError if a weight or moment is not finite, so that such a state is never saved
 */
export function readState(
  engine: Engine,
  plan: CompiledPlan,
  progress: { readonly step: number } & TrainHistory,
): TrainState {
  const { step } = progress;
  const parameters = downloadFloats(engine, plan, "parameters");
  const m = downloadFloats(engine, plan, "m");
  const v = downloadFloats(engine, plan, "v");
  if (![parameters, m, v].every((values) => values.every(Number.isFinite))) {
    throw new NotConvergedError({
      source: "train",
      problem: `after step ${step} a weight or an optimizer moment is not finite`,
      remedy: "Lower the learning rate or lengthen the warm-up; the last checkpoint is untouched",
    });
  }
  return {
    step,
    weights: unpackParameters(plan.parameters, parameters),
    optimizer: { m, v },
    history: { loss: progress.loss.slice(0, step), gradientNorm: progress.gradientNorm.slice(0, step) },
  };
}
