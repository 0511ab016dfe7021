import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import type { TransformerConfig } from "../../model/config.ts";
import { checkHookPoint, isResidualHookPoint } from "../../model/hook-points.ts";
import type { PlannedIntervention } from "./context.ts";

/** The options of a plan that can be wrong. */
interface CheckedOptions {
  readonly config: TransformerConfig;
  readonly batch: number;
  readonly length: number;
  readonly capture?: readonly string[];
  readonly interventions?: readonly PlannedIntervention[];
}

/** Throws unless a plan can be compiled for these options. */
export function checkPlanOptions(options: CheckedOptions, shards: number, source: string): void {
  const { config, batch, length } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new ShapeError({ source, problem: `the batch has ${batch} sequences`, remedy: "Give at least one" });
  }
  if (!Number.isInteger(length) || length < 1 || length > config.nCtx) {
    throw new ShapeError({
      source,
      problem: `sequences of length ${length} for a model with nCtx ${config.nCtx}`,
      remedy: `Give sequences of length 1 to ${config.nCtx}`,
    });
  }
  if (!Number.isInteger(shards) || shards < 1 || batch % shards !== 0) {
    throw new InvalidArgumentError({
      source,
      problem: `${shards} shards for a batch of ${batch}`,
      remedy: "Choose a divisor of the batch size",
    });
  }
  for (const hook of options.capture ?? []) checkHookPoint(source, config, hook);
  for (const { hook, scale, positions } of options.interventions ?? []) {
    checkHookPoint(source, config, hook);
    if (!isResidualHookPoint(hook)) {
      throw new UnsupportedError({
        source,
        problem: `an intervention at "${hook}"`,
        remedy: "Intervene on the residual stream: hook_resid_pre, hook_resid_mid or hook_resid_post of a block",
      });
    }
    if (!Number.isFinite(scale)) {
      throw new InvalidArgumentError({ source, problem: `scale is ${scale}`, remedy: "Give a finite number" });
    }
    for (const position of positions === "all" ? [] : positions) {
      if (Number.isInteger(position) && position >= 0 && position < length) continue;
      throw new InvalidArgumentError({
        source,
        problem: `position ${position} of sequences of length ${length}`,
        remedy: `Give integers from 0 to ${length - 1}`,
      });
    }
  }
}
