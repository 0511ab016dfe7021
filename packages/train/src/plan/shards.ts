/** Largest number of shards of a batch. */
const maximum = 16;

/** Sequences per shard that the default aims at. */
const target = 16;

/**
 * Number of shards of a batch when the caller does not choose: the divisor of `batch` up to 16 whose shards have closest to 16 sequences (by ratio).
 *
 * It depends on the batch only, never on the number of threads, so results do not either.
 */
export function defaultShards(batch: number): number {
  let best = 1;
  const distance = (shards: number): number => Math.abs(Math.log(batch / shards / target));
  for (let shards = 2; shards <= Math.min(maximum, batch); shards++) {
    if (batch % shards === 0 && distance(shards) < distance(best)) best = shards;
  }
  return best;
}
