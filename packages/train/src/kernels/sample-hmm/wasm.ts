/** Second word of the last threefry block. */
let second: u32 = 0;

/** One threefry-2x32 block of 20 rounds (Salmon, Moraes, Dror & Shaw, SC 2011), counter (c0, c1), key (k0, k1): returns its first word, `second` is the other. */
function threefry(k0: u32, k1: u32, c0: u32, c1: u32): u32 {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let x = c0 + k0, y = c1 + k1;
  x += y; y = rotl<u32>(y, 13) ^ x; x += y; y = rotl<u32>(y, 15) ^ x; x += y; y = rotl<u32>(y, 26) ^ x; x += y; y = rotl<u32>(y, 6) ^ x;
  x += k1; y += k2 + 1;
  x += y; y = rotl<u32>(y, 17) ^ x; x += y; y = rotl<u32>(y, 29) ^ x; x += y; y = rotl<u32>(y, 16) ^ x; x += y; y = rotl<u32>(y, 24) ^ x;
  x += k2; y += k0 + 2;
  x += y; y = rotl<u32>(y, 13) ^ x; x += y; y = rotl<u32>(y, 15) ^ x; x += y; y = rotl<u32>(y, 26) ^ x; x += y; y = rotl<u32>(y, 6) ^ x;
  x += k0; y += k1 + 3;
  x += y; y = rotl<u32>(y, 17) ^ x; x += y; y = rotl<u32>(y, 29) ^ x; x += y; y = rotl<u32>(y, 16) ^ x; x += y; y = rotl<u32>(y, 24) ^ x;
  x += k1; y += k2 + 4;
  x += y; y = rotl<u32>(y, 13) ^ x; x += y; y = rotl<u32>(y, 15) ^ x; x += y; y = rotl<u32>(y, 26) ^ x; x += y; y = rotl<u32>(y, 6) ^ x;
  second = y + k0 + 5;
  return x + k2;
}

/** The first of the outcomes [start, end) of a state with word <= last[outcome]; every state has one. */
// @ts-ignore: decorator
@inline
function select(word: i32, last: usize, start: usize, end: usize): usize {
  while (end - start > 8) {
    const middle = (start + end) >> 1;
    if (word > load<i32>(last + (middle << 2))) start = middle + 1;
    else end = middle + 1;
  }
  while (word > load<i32>(last + (start << 2))) start++;
  return start;
}

/**
 * Draws tokens, targets and weights [batch, length] of a hidden Markov model, bit for bit as `sampleSequences`: sequence b has the index
 * source[2] + first[0] + b of the key (source[0], source[1]); its word t is half t mod 2 of the threefry block (index, t div 2).
 */
export function sample_hmm(
  source: usize, first: usize, rowStart: usize, last: usize, token: usize, next: usize,
  tokens: usize, targets: usize, weights: usize,
  batch: usize, length: usize, states: usize, bos: i32, weight: f32,
): void {
  const k0 = load<u32>(source), k1 = load<u32>(source, 4);
  let index = load<u32>(source, 8) + load<u32>(first);
  const bytes = length << 2;
  // Symbol t, counted from 1, is token t - 1 and target t - 2; behind a BOS token it is token t and target t - 1.
  const symbols = bos < 0 ? length + 1 : length, shift: usize = bos < 0 ? 1 : 0;
  for (let b: usize = 0; b < batch; b++, index++, tokens += bytes, targets += bytes, weights += bytes) {
    let state = states;
    for (let t: usize = 0; t <= symbols; t++) {
      const word = <i32>((t & 1 ? second : threefry(k0, k1, index, <u32>(t >> 1))) ^ 0x80000000);
      const row = rowStart + (state << 2);
      const outcome = select(word, last, load<i32>(row), load<i32>(row, 4)) << 2;
      state = load<i32>(next + outcome);
      if (t == 0) continue;
      const symbol = load<i32>(token + outcome), place = (t - shift) << 2;
      if (place < bytes) store<i32>(tokens + place, symbol);
      if (place > 0) store<i32>(targets + place - 4, symbol);
    }
    if (bos >= 0 && length > 0) store<i32>(tokens, bos);
    for (let t: usize = 0; t < bytes; t += 4) store<f32>(weights + t, weight);
  }
}
