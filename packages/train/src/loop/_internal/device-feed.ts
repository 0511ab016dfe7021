import type { DeviceSampler } from "../../data/device-sampler.ts";
import type { Feed, FeedOptions } from "./host-feed.ts";

/** The samplers of all replicas, if each has one and they have one shape; undefined otherwise. */
export function commonSamplers(
  replicas: readonly { readonly source: { readonly sampler?: DeviceSampler } }[],
): readonly DeviceSampler[] | undefined {
  const samplers = replicas.flatMap(({ source }) => (source.sampler === undefined ? [] : [source.sampler]));
  const [first] = samplers;
  const alike = ({ states, bos, token }: DeviceSampler): boolean =>
    states === first?.states && bos === first.bos && token.length === first.token.length;
  return samplers.length === replicas.length && samplers.every(alike) ? samplers : undefined;
}

/** Drawn on the device: the host sends a key and an index. The tokens are those of `batch(step accumulate + part)`. */
export function deviceFeed(options: FeedOptions, samplers: readonly DeviceSampler[]): Feed {
  const { engine, plan, replicas, accumulate } = options;
  const { batchSize = 0, length = 0 } = replicas[0]?.source ?? {};
  const rows = batchSize * length;
  const weights = new Float64Array(replicas.length * rows).fill(1 / (rows * accumulate));
  const words = new Int32Array(4 * replicas.length);
  let first = 0;
  return {
    start() {
      const perShard = batchSize / plan.shards;
      const shards = replicas.flatMap(() => Array.from({ length: plan.shards }, (_, shard) => shard * perShard));
      engine.upload(plan, "sampler.first", shards);
      for (const table of ["rowStart", "last", "token", "next"] as const) {
        const all = samplers.flatMap((sampler) => [...sampler[table]]);
        engine.upload(plan, `sampler.${table}`, Int32Array.from(all));
      }
    },
    prepare(step) {
      first = step * accumulate;
    },
    send(part) {
      for (const [r, sampler] of samplers.entries()) words.set(sampler.source(first + part), 4 * r);
      engine.upload(plan, "sampler.source", words);
    },
    weights: () => weights,
  };
}
