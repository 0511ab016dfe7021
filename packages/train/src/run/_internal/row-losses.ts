import { ShapeError } from "@semifactor/ghmm";
import { createStaging } from "../../data/_internal/staging.ts";
import type { Engine } from "../../engines/engine.ts";
import type { Transformer } from "../../model/transformer.ts";
import { packParameters } from "../../plan/parameter-layout.ts";
import { chunks, rowCount } from "./chunks.ts";
import { withPlan } from "./plan-cache.ts";

/** Sequences whose targets are scored. */
export interface ScoredSequences {
  /** `[count, length + 1]`, row-major: inputs and, one further, targets. */
  readonly tokens: Int32Array;
  readonly length: number;
  /** `[count, length]`: 0 where the target is not scored; it may then be any token, also one that the model cannot predict. */
  readonly lossMask?: Uint8Array | undefined;
  readonly engine: Engine;
}

/**
 * -ln p(target | inputs so far) of every target, `[count, length]` in nats; 0 where the mask is.
 *
 * @throws InvalidArgumentError if a token is out of range or a weight is not finite
 * @throws ShapeError if `tokens` or `lossMask` are not whole sequences, or they are longer than the context
 */
export async function rowLosses(source: string, model: Transformer, options: ScoredSequences): Promise<Float64Array> {
  const { tokens, length, lossMask, engine } = options;
  const { config, adapters } = model;
  const sequences = rowCount(source, "tokens", tokens.length, length + 1);
  if (lossMask !== undefined && lossMask.length !== sequences * length) {
    throw new ShapeError({
      source,
      problem: `lossMask has ${lossMask.length} entries`,
      remedy: `Give [${sequences}, ${length}]: ${sequences * length} of them`,
    });
  }
  const { batch, chunks: parts } = chunks(sequences);
  return withPlan(engine, { config, adapters, batch, length, loss: true }, source, async (plan) => {
    engine.upload(plan, "parameters", packParameters(plan.parameters, model.weights, source));
    const staging = createStaging(source, config, { batch, length });
    const padded = { tokens: new Int32Array(batch * (length + 1)), lossMask: new Uint8Array(batch * length) };
    const rowLoss = new Float64Array(batch * length);
    const losses = new Float64Array(sequences * length);
    for (const { first, count } of parts) {
      const end = first + count;
      padded.tokens.fill(0).set(tokens.subarray(first * (length + 1), end * (length + 1)));
      padded.lossMask.fill(0);
      if (lossMask === undefined) padded.lossMask.fill(1, 0, count * length);
      else padded.lossMask.set(lossMask.subarray(first * length, end * length));
      staging.split(padded);
      engine.upload(plan, "tokens", staging.tokens);
      engine.upload(plan, "targets", staging.targets);
      engine.upload(plan, "weights", staging.weights);
      const pending = engine.execute(plan, "forward");
      if (pending !== undefined) await pending;
      await engine.download(plan, "rowLoss", rowLoss);
      for (let r = 0; r < count * length; r++) {
        losses[first * length + r] = (staging.targets[r] ?? -1) < 0 ? 0 : (rowLoss[r] ?? Number.NaN);
      }
    }
    return losses;
  });
}
