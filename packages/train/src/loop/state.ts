import { NotConvergedError, ShapeError } from "@semifactor/ghmm";
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
 * Checks that a state belongs to a run like this one.
 *
 * @throws ShapeError if its moments or its history have another length
 */
export function checkState(source: string, { step, optimizer, history }: TrainState, moments: number): void {
  const require = (name: string, length: number, expected: number, remedy: string): void => {
    if (length === expected) return;
    throw new ShapeError({ source, problem: `resumeFrom.${name} has ${length} elements, not ${expected}`, remedy });
  };
  for (const name of ["m", "v"] as const) {
    const remedy = "Resume with the model, adapters and trainable set that the run had";
    require(`optimizer.${name}`, optimizer[name].length, moments, remedy);
  }
  for (const name of ["loss", "gradientNorm"] as const) {
    require(`history.${name}`, history[name].length, step, "Give one entry per step done");
  }
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
