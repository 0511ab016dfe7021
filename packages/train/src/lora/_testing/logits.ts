import { createReferenceEngine } from "../../engines/reference.ts";
import type { Transformer, WeightArray } from "../../model/transformer.ts";
import { run } from "../../run/run.ts";

const engine = createReferenceEngine();

/** Logits of a model on two fixed sequences, in float64. */
export async function logits(model: Transformer): Promise<WeightArray> {
  return (await run(model, { tokens: [0, 1, 2, 4, 3, 1], length: 3, engine })).logits;
}
