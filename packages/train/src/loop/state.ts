import { InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import type { Engine } from "../engines/engine.ts";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { WeightArray } from "../model/transformer.ts";
import type { CompiledPlan } from "../plan/compile.ts";
import { unpackParameters } from "../plan/parameter-layout.ts";
import { firstNonFiniteGradient, firstNonFiniteParameter } from "./_internal/first-non-finite.ts";
import type { Evaluation } from "./early-stopping.ts";

/** Loss and gradient norm of every step done, `[step]`. */
export interface TrainHistory {
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
}

/** The optimizer's memory over the trained elements, in the order of the flat gradient: AdamW's moments; of SGD, m is the momentum and v is 0. */
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
  /** What `evaluate` measured so far; only of a run that evaluates. Early stopping counts from it. */
  readonly evaluations?: readonly Evaluation[];
}

/** A float buffer of a plan, copied out. */
export async function downloadFloats(engine: Engine, plan: CompiledPlan, buffer: string): Promise<WeightArray> {
  const values = await engine.download(plan, buffer);
  return values instanceof Int32Array ? Float64Array.from(values) : values;
}

/**
 * Checks that a state belongs to a run like this one.
 *
 * @throws ShapeError if its moments or its history have another length; InvalidArgumentError if it was left by the other algorithm
 */
export function checkState(
  source: string,
  { step, weights, optimizer, history }: TrainState,
  moments: number,
  algorithm: "adamw" | "sgd" = "adamw",
): void {
  checkGiven(source, {
    "resumeFrom.weights": weights,
    "resumeFrom.optimizer": optimizer,
    "resumeFrom.history": history,
  });
  const { m, v } = optimizer;
  const { loss, gradientNorm } = history;
  checkList(source, "resumeFrom.optimizer.m", m);
  checkList(source, "resumeFrom.optimizer.v", v);
  checkList(source, "resumeFrom.history.loss", loss);
  checkList(source, "resumeFrom.history.gradientNorm", gradientNorm);
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
  const second = optimizer.v.some((value) => value !== 0);
  // The square of a gradient below this can be 0 in float32 where the gradient is not.
  const first = optimizer.m.some((value) => Math.abs(value) > 1e-15);
  const left = second ? "adamw" : first ? "sgd" : algorithm;
  if (left === algorithm) return;
  throw new InvalidArgumentError({
    source,
    problem: `resumeFrom was left by ${left}, and the optimizer is ${algorithm}`,
    remedy: "Resume with the algorithm that the run had",
  });
}

/** What a state says of a replica beside what lies on the device. */
export interface ReplicaHistory extends TrainHistory {
  readonly evaluations?: readonly Evaluation[];
}

/**
 * Copies the state of every replica out of an engine.
 *
 * @throws NotConvergedError naming the first tensor that is not finite, so that such a state is never saved; replicas that are not `active` are not looked at
 */
export async function readStates(
  engine: Engine,
  plan: CompiledPlan,
  progress: {
    readonly step: number;
    readonly replicas: readonly ReplicaHistory[];
    readonly active?: readonly boolean[];
    readonly source?: string;
  },
): Promise<readonly TrainState[]> {
  const { step, replicas, active, source = "train" } = progress;
  const parameters = await downloadFloats(engine, plan, "parameters");
  const m = await downloadFloats(engine, plan, "m");
  const momentum = (plan.buffers.get("v")?.length ?? 0) === 0;
  const v = momentum ? m.map(() => 0) : await downloadFloats(engine, plan, "v");
  return replicas.map(({ loss, gradientNorm, evaluations }, replica) => {
    const part = (values: WeightArray): WeightArray => {
      const length = values.length / replicas.length;
      return replicas.length === 1 ? values : values.slice(replica * length, (replica + 1) * length);
    };
    const flat = part(parameters);
    const optimizer = { m: part(m), v: part(v) };
    const wrong =
      active?.[replica] === false
        ? undefined
        : (firstNonFiniteParameter(plan.parameters, flat) ??
          firstNonFiniteGradient(plan, optimizer.m, "moment m of ") ??
          firstNonFiniteGradient(plan, optimizer.v, "moment v of "));
    if (wrong !== undefined) {
      throw new NotConvergedError({
        source,
        problem: `after step ${step} a weight or an optimizer moment is not finite: ${wrong}`,
        remedy: "Lower the learning rate or lengthen the warm-up; the last checkpoint is untouched",
      });
    }
    return {
      step,
      weights: unpackParameters(plan.parameters, flat),
      optimizer,
      history: { loss: loss.slice(0, step), gradientNorm: gradientNorm.slice(0, step) },
      ...(evaluations === undefined ? {} : { evaluations: [...evaluations] }),
    };
  });
}
