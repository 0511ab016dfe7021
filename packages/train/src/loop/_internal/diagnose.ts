import { hookPoints } from "../../model/hook-points.ts";
import type { WeightArray } from "../../model/transformer.ts";
import { compilePlan } from "../../plan/compile.ts";
import { downloadFloats } from "../state.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";
import { describeValue, firstNonFinite, firstNonFiniteGradient, firstNonFiniteParameter } from "./first-non-finite.ts";
import { hostFeed } from "./host-feed.ts";
import type { PreparedRun } from "./prepare-run.ts";

/** Largest finite float32. */
const largestFloat32 = 2 ** 128 - 2 ** 104;

/**
 * The first tensor of a step that is not finite: parameters, then activations in the order of the computation, logits and losses, then gradients from the last
 * parameter to the first.
 *
 * @param flat - the parameters `[parameters]` that the step began with
 * @returns undefined where everything is finite
 */
export async function diagnoseStep(
  options: LoopOptions,
  replica: ReplicaOptions,
  { trainable, interventions, plan: trained }: PreparedRun,
  step: number,
  flat: WeightArray,
  name: string,
): Promise<string | undefined> {
  const parameter = firstNonFiniteParameter(trained.parameters, flat);
  if (parameter !== undefined) return parameter;
  const { engine, accumulate = 1 } = options;
  const { config, adapters } = replica.model;
  const capture = hookPoints(config, adapters);
  const { batchSize: batch, length } = replica.source;
  const plan = compilePlan(
    {
      config,
      adapters,
      batch,
      length,
      shards: trained.shards,
      trainable,
      interventions: interventions.planned,
      capture,
      keepLogits: true,
    },
    name,
  );
  try {
    const feed = hostFeed({ engine, plan, replicas: [replica], accumulate, name });
    engine.upload(plan, "parameters", flat);
    interventions.upload(engine, plan);
    feed.prepare(step);
    for (let part = 0; part < accumulate; part++) {
      feed.send(part);
      const pending = engine.execute(plan, "gradient");
      if (pending !== undefined) await pending;
      for (const tensor of [...capture.map((hook) => `capture.${hook}`), "logits", "rowLoss"]) {
        const found = firstNonFinite(await engine.download(plan, tensor));
        const shown = `"${tensor.replace("capture.", "")}"`;
        if (found !== undefined) return describeValue(shown, found.value, found.index);
      }
      const gradient = await downloadFloats(engine, plan, "gradient");
      const found = firstNonFiniteGradient(plan, gradient);
      if (found !== undefined) return found;
      let square = 0;
      for (const g of gradient) square += g * g;
      if (square > largestFloat32) return "the square of the gradient, which overflows in float32";
    }
    return undefined;
  } finally {
    engine.release(plan);
  }
}

/** The first gradient that auxiliary losses left in a plan and that is not finite; undefined where all are. */
export async function diagnoseAuxiliary(
  { engine }: LoopOptions,
  { plan, watched }: PreparedRun,
): Promise<string | undefined> {
  for (const hook of watched) {
    const found = firstNonFinite(await engine.download(plan, `inject.${hook}`));
    if (found !== undefined) {
      return describeValue(`the gradient of an auxiliary loss at "${hook}"`, found.value, found.index);
    }
  }
  return undefined;
}
