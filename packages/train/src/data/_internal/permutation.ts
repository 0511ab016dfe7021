import { type Key, randomBits } from "@semifactor/ghmm";

/**
 * A permutation of 0 .. count - 1 drawn with a key (Fisher and Yates 1938; Durstenfeld 1964): entry i changes places with one of the entries from 0 to i, the draw of which
 * is a 32-bit integer modulo i + 1, with a bias below count / 2^32.
 */
export function permutation(key: Key, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const bits = randomBits(key, count);
  for (let i = count - 1; i > 0; i--) {
    const other = (bits[i] ?? 0) % (i + 1);
    const moved = order[i] ?? 0;
    order[i] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
