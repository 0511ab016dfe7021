import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import type { Engine, EngineArray } from "../engines/engine.ts";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { HookPoint } from "../model/hook-points.ts";
import type { Plan } from "../plan/types.ts";

/** What an auxiliary loss sees of one step: the activations of the batch, and where their gradients go. */
export interface AuxiliaryContext {
  /** Step, from 0. */
  readonly step: number;
  /** Shape of the activation at a hook point, `[batch, ...]` as `run` gives it. */
  shape(hook: HookPoint): readonly number[];
  /** The activation, row-major. */
  read(hook: HookPoint): Promise<EngineArray>;
  /** Adds to the gradient at a hook point: d loss / d activation, row-major. */
  write(hook: HookPoint, gradient: ArrayLike<number>): void;
  /** For code on the engine's own device: the activation is the buffer `capture.<hook>` of the plan, its gradient `inject.<hook>`. */
  readonly engine: Engine;
  readonly plan: Plan;
}

/** A loss on activations that is added to the cross-entropy while a model is trained. */
export interface AuxiliaryLoss {
  /** Hook points whose activations it reads. */
  readonly at: readonly HookPoint[];
  /** Computes the loss of a batch and hands over its gradient at every hook point; returns the value. */
  evaluate(context: AuxiliaryContext): Promise<number>;
}

/**
 * Hook points of all auxiliary losses of a run.
 *
 * @throws InvalidArgumentError if two losses read one hook point (write them as one), or one reads none
 * @throws UnsupportedError with several replicas or micro-batches
 */
export function auxiliaryHooks(
  losses: readonly AuxiliaryLoss[],
  { replicas, accumulate }: { readonly replicas: number; readonly accumulate: number },
  source: string,
): readonly HookPoint[] {
  for (const [i, loss] of losses.entries()) {
    checkGiven(source, { [`auxiliary[${i}]`]: loss });
    checkList(source, `auxiliary[${i}].at`, loss.at);
    checkGiven(source, { [`auxiliary[${i}].evaluate`]: loss.evaluate }, "function");
  }
  const hooks = losses.flatMap(({ at }) => at);
  const twice = hooks.find((hook, i) => hooks.indexOf(hook) < i);
  if (twice !== undefined || losses.some(({ at }) => at.length === 0)) {
    throw new InvalidArgumentError({
      source,
      problem: twice === undefined ? "an auxiliary loss reads no hook point" : `two auxiliary losses read "${twice}"`,
      remedy: twice === undefined ? "Name the hook points that it reads" : "Write them as one loss",
    });
  }
  if (losses.length > 0 && (replicas > 1 || accumulate > 1)) {
    throw new UnsupportedError({
      source,
      problem: `auxiliary losses with ${replicas > 1 ? "several replicas" : "accumulated micro-batches"}`,
      remedy: replicas > 1 ? "Train the models one by one" : "Use one batch per step",
    });
  }
  return hooks;
}
