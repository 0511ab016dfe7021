import type { SyncEngine } from "../../engines/engine.ts";
import type { Transformer } from "../../model/transformer.ts";
import { compilePlan } from "../../plan/compile.ts";
import { packParameters, unpackParameters } from "../../plan/parameter-layout.ts";
import type { TrainableSpec } from "../../plan/trainable.ts";
import type { LossGradient, WeightedBatch } from "./operations.ts";

/** Loss and gradients of the phase `gradient` of the model's plan; an entry for every parameter that is trained. */
export function engineGradient(
  engine: SyncEngine,
  { config, adapters, weights }: Transformer,
  batch: WeightedBatch,
  trainable: TrainableSpec,
): LossGradient {
  const plan = compilePlan({ config, adapters, batch: batch.batch, length: batch.length, shards: 2, trainable });
  engine.upload(plan, "parameters", packParameters(plan.parameters, weights, "test"));
  engine.upload(plan, "tokens", batch.tokens);
  engine.upload(plan, "targets", batch.targets);
  engine.upload(plan, "weights", batch.weights);
  engine.execute(plan, "gradient");
  const rowLoss = engine.download(plan, "rowLoss");
  const gradient = engine.download(plan, "gradient");
  engine.release(plan);
  const flat = new Float64Array(plan.parameters.length);
  const names = new Set<string>();
  for (const { parameter, offset, gradientOffset, count } of plan.trainable?.runs ?? []) {
    names.add(parameter);
    flat.set(gradient.subarray(gradientOffset, gradientOffset + count), offset);
  }
  return {
    loss: batch.weights.reduce((sum, weight, r) => sum + weight * (rowLoss[r] ?? Number.NaN), 0),
    gradients: new Map([...unpackParameters(plan.parameters, flat)].filter(([name]) => names.has(name))),
  };
}
