import { threefryBlock } from "@semifactor/ghmm/internal";
import { type Arena, at } from "../_internal/arena.ts";

const FLIP = 0x80000000;

/**
 * Draws tokens, targets and weights [batch, length] of a hidden Markov model, bit for bit as `sampleSequences`: sequence b has the index
 * source[2] + first[0] + b of the key (source[0], source[1]); its word t is half t mod 2 of the threefry block (index, t div 2).
 */
export function sampleHmm(
  arena: Arena,
  source: number,
  first: number,
  rowStart: number,
  last: number,
  token: number,
  next: number,
  tokens: number,
  targets: number,
  weights: number,
  batch: number,
  length: number,
  states: number,
  bos: number,
  weight: number,
): void {
  const k0 = at(arena, source) >>> 0;
  const k1 = at(arena, source + 1) >>> 0;
  const firstIndex = (at(arena, source + 2) + at(arena, first)) >>> 0;
  const symbols = bos < 0 ? length + 1 : length;
  const block = new Uint32Array(2);
  for (let b = 0; b < batch; b++) {
    const row = b * length;
    let state = states;
    for (let t = 0; t <= symbols; t++) {
      if (t % 2 === 0) threefryBlock(k0, k1, (firstIndex + b) >>> 0, t / 2, block, 0);
      const word = ((block[t % 2] ?? 0) ^ FLIP) | 0;
      let outcome = at(arena, rowStart + state);
      while (word > at(arena, last + outcome)) outcome++;
      state = at(arena, next + outcome);
      if (t === 0) continue;
      const symbol = at(arena, token + outcome);
      // Symbol t, counted from 1, is target t - 1 behind a BOS token, else token t - 1 and target t - 2.
      const place = bos < 0 ? t - 1 : t;
      if (place < length) arena[tokens + row + place] = symbol;
      if (place > 0) arena[targets + row + place - 1] = symbol;
    }
    if (bos >= 0 && length > 0) arena[tokens + row] = bos;
  }
  arena.fill(weight, weights, weights + batch * length);
}
