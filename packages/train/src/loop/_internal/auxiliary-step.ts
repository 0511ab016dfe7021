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
  /** Hook points that hold the gradient of the step before. */
  const written = new Set<HookPoint>();
  return {
    async evaluate(step) {
      // A loss may leave a gradient out, e.g. while it is switched off: then there is none.
      for (const hook of written) {
        const length = shape(hook).reduce((product, size) => product * size, 1);
        engine.upload(plan, `inject.${hook}`, new Float64Array(length));
      }
      written.clear();
      let sum = 0;
      for (const loss of losses) {
        sum += await loss.evaluate({
          step,
          shape,
          read: async (hook) => await engine.download(plan, `capture.${hook}`),
          write(hook, gradient) {
            engine.upload(plan, `inject.${hook}`, gradient);
            written.add(hook);
          },
          engine,
          plan,
        });
      }
      return sum;
    },
  };
}
