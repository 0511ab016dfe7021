import { InvalidArgumentError } from "@semifactor/ghmm";
import { createStaging } from "../../data/_internal/staging.ts";
import type { BatchSource } from "../../data/batch-source.ts";
import type { Engine } from "../../engines/engine.ts";
import { checkGiven } from "../../io/_internal/check-given.ts";
import type { Transformer } from "../../model/transformer.ts";
import type { CompiledPlan } from "../../plan/compile.ts";

/** Gives a plan the data of each step: its micro-batches, in order. */
export interface Feed {
  /** What has to be on the device before the first step. */
  start(): void;
  /** Makes ready all micro-batches of a step. */
  prepare(step: number): void;
  /** Hands over one of them. */
  send(part: number): void;
  /** Loss weights `[replicas, rows]` of a micro-batch of the prepared step. */
  weights(part: number): Float64Array;
}

/** What a feed serves. */
export interface FeedOptions {
  readonly engine: Engine;
  readonly plan: CompiledPlan;
  readonly replicas: readonly { readonly model: Transformer; readonly source: BatchSource }[];
  /** Micro-batches per step. */
  readonly accumulate: number;
  /** Public name for errors. */
  readonly name: string;
}

/**
 * Drawn by the sources, on the host. Micro-batch j of step s is `batch(s accumulate + j)`; every counted target of a step has the weight 1 / (their number).
 */
export function hostFeed({ engine, plan, replicas, accumulate, name }: FeedOptions): Feed {
  const rows = (replicas[0]?.source.batchSize ?? 0) * (replicas[0]?.source.length ?? 0);
  const stagings = replicas.map(({ model, source }) =>
    createStaging(name, model.config, { batch: source.batchSize, length: source.length }),
  );
  const parts = Array.from({ length: accumulate }, () => ({
    tokens: new Int32Array(replicas.length * rows),
    targets: new Int32Array(replicas.length * rows),
    weights: new Float64Array(replicas.length * rows),
  }));
  return {
    start() {},
    prepare(step) {
      for (const [r, { source }] of replicas.entries()) {
        const staging = stagings[r];
        if (staging === undefined) continue;
        let counted = 0;
        for (const [j, part] of parts.entries()) {
          const batch = source.batch(step * accumulate + j);
          checkGiven(name, { [`batch ${step * accumulate + j} of the source`]: batch });
          counted += staging.split(batch);
          part.tokens.set(staging.tokens, r * rows);
          part.targets.set(staging.targets, r * rows);
          part.weights.set(staging.weights, r * rows);
        }
        if (counted === 0) {
          const first = step * accumulate;
          const which = accumulate === 1 ? `batch ${first}` : `batches ${first} to ${first + accumulate - 1}`;
          throw new InvalidArgumentError({
            source: name,
            problem: `the loss mask of ${which} leaves no target`,
            remedy: "Give a mask with at least one 1",
          });
        }
        if (accumulate === 1) continue;
        for (const { targets, weights } of parts) {
          for (let i = r * rows; i < (r + 1) * rows; i++) weights[i] = (targets[i] ?? -1) < 0 ? 0 : 1 / counted;
        }
      }
    },
    send(part) {
      const data = parts[part];
      if (data === undefined) throw new RangeError(`hostFeed: micro-batch ${part} of ${accumulate}`);
      engine.upload(plan, "tokens", data.tokens);
      engine.upload(plan, "targets", data.targets);
      engine.upload(plan, "weights", data.weights);
    },
    weights: (part) => parts[part]?.weights ?? new Float64Array(0),
  };
}
