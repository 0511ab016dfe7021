/** The second word of the last threefry block; the first is its return value. */
let second: u32 = 0;

/** Four rounds of threefry-2x32 with the rotations of the even or the odd groups; y, x in the globals. */
let x: u32 = 0;
let y: u32 = 0;

// @ts-ignore: decorator
@inline
function round(distance: u32): void {
  x += y;
  y = rotl<u32>(y, distance) ^ x;
}

/** One threefry-2x32 block of 20 rounds (Salmon, Moraes, Dror & Shaw, SC 2011): the counter (c0, c1) under the key (k0, k1). */
function threefry(k0: u32, k1: u32, c0: u32, c1: u32): u32 {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  x = c0 + k0;
  y = c1 + k1;
  round(13); round(15); round(26); round(6);
  x += k1; y += k2 + 1;
  round(17); round(29); round(16); round(24);
  x += k2; y += k0 + 2;
  round(13); round(15); round(26); round(6);
  x += k0; y += k1 + 3;
  round(17); round(29); round(16); round(24);
  x += k1; y += k2 + 4;
  round(13); round(15); round(26); round(6);
  second = y + k0 + 5;
  return x + k2;
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
  const symbols = bos < 0 ? length + 1 : length;
  for (let b: usize = 0; b < batch; b++, index++, tokens += bytes, targets += bytes, weights += bytes) {
    let state = states;
    for (let t: usize = 0; t <= symbols; t++) {
      const word = <i32>((t & 1 ? second : threefry(k0, k1, index, <u32>(t >> 1))) ^ 0x80000000);
      let outcome = <usize>load<i32>(rowStart + (state << 2)) << 2;
      while (word > load<i32>(last + outcome)) outcome += 4;
      state = <usize>load<i32>(next + outcome);
      if (t == 0) continue;
      const symbol = load<i32>(token + outcome);
      const place = (bos < 0 ? t - 1 : t) << 2;
      if (place < bytes) store<i32>(tokens + place, symbol);
      if (place > 0) store<i32>(targets + place - 4, symbol);
    }
    if (bos >= 0 && length > 0) store<i32>(tokens, bos);
    for (let t: usize = 0; t < bytes; t += 4) store<f32>(weights + t, weight);
  }
}
