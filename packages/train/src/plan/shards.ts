/** Largest number of shards of a batch. */
const maximum = 16;

/** Sequences per shard that the default aims at. */
const target = 16;

/** A batch with at least so many positions is divided into several shards even if it has few sequences, so that threads have something to share. */
const manyRows = 1024;

/** Shards of such a batch that the default aims at. */
const few = 4;

/** The divisor of `batch` up to 16 that is closest to `wanted`, by ratio; the smaller of two that are as close. */
function closestDivisor(batch: number, wanted: number): number {
  let best = 1;
  const distance = (shards: number): number => Math.abs(Math.log(shards / wanted));
  for (let shards = 2; shards <= Math.min(maximum, batch); shards++) {
    if (batch % shards === 0 && distance(shards) < distance(best)) best = shards;
  }
  return best;
}

/**
 * Number of shards of a batch when the caller does not choose: the divisor of `batch` up to 16 whose shards have closest to 16 sequences (by ratio), or closest to
 * 4 where that would leave fewer than 4 for a batch of 1024 positions or more.
 *
 * It depends on the shape of the batch only, never on the number of threads, so results do not either.
 */
export function defaultShards(batch: number, length = 1): number {
  const shards = closestDivisor(batch, batch / target);
  return shards < few && batch * length >= manyRows ? Math.max(shards, closestDivisor(batch, few)) : shards;
}
