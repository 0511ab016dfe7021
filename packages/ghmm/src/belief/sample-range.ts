import type { Key } from "../random/key.ts";
import { threefryBlock } from "../random/threefry.ts";

/** Which sequences of the family of a key are sampled. */
export interface SampleRange {
  readonly count: number;
  readonly length: number;
  readonly key: Key;
  readonly firstIndex: number;
}

/** How many threefry blocks hold the `length + 1` words of a sequence. */
export const blocksOf = (length: number): number => (length + 2) >> 1;

/** Threefry words `0 .. 2 * blocks - 1` of sequence `index`: word `t` is half `t mod 2` of the block `(index, t div 2)`. */
export function fillWords(key: Key, index: number, blocks: number, out: Uint32Array): void {
  const [k0, k1] = key;
  for (let block = 0; block < blocks; block++) threefryBlock(k0, k1, index, block, out, 2 * block);
}
