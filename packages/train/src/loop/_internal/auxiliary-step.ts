import type { Engine } from "../../engines/engine.ts";
import type { HookPoint } from "../../model/hook-points.ts";
import type { Plan } from "../../plan/types.ts";
import type { AuxiliaryLoss } from "../auxiliary-loss.ts";

/** The part of a step between its forward and its backward pass. */
export interface AuxiliaryStep {
  /** Evaluates every loss on the activations of the forward pass, puts their gradients where the backward pass adds them, and returns the sum. */
  evaluate(step: number): Promise<number>;
}

/** The auxiliary losses of a run over a plan that captures their activations in one shard. */
export function auxiliaryStep(losses: readonly AuxiliaryLoss[], engine: Engine, plan: Plan): AuxiliaryStep {
  const shape = (hook: HookPoint): readonly number[] => plan.buffers.get(`capture.${hook}`)?.shape ?? [];
  return {
    async evaluate(step) {
      let sum = 0;
      for (const loss of losses) {
        sum += await loss.evaluate({
          step,
          shape,
          read: async (hook) => await engine.download(plan, `capture.${hook}`),
          write: (hook, gradient) => engine.upload(plan, `inject.${hook}`, gradient),
          engine,
          plan,
        });
      }
      return sum;
    },
  };
}
