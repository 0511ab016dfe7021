import { flatWorkgroups, type WebgpuKernel, type WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";

const sizeOf = ({ gemm }: WebgpuVariant): number => (gemm === "register-tiles" ? 8 : 64);

const rounds = (rotations: readonly number[]): string =>
  rotations.map((by) => `x += y; y = ((y << ${by}u) | (y >> ${32 - by}u)) ^ x;`).join(" ");
const even = rounds([13, 15, 26, 6]);
const odd = rounds([17, 29, 16, 24]);

/** Both words of the threefry-2x32 block of 20 rounds (Salmon, Moraes, Dror & Shaw, SC 2011) with this key and counter. */
const threefry = `
fn threefry(k0: u32, k1: u32, c0: u32, c1: u32) -> vec2<u32> {
  let k2 = k0 ^ k1 ^ 0x1bd11bdau;
  var x = c0 + k0;
  var y = c1 + k1;
  ${even} x += k1; y += k2 + 1u;
  ${odd} x += k2; y += k0 + 2u;
  ${even} x += k0; y += k1 + 3u;
  ${odd} x += k1; y += k2 + 4u;
  ${even} x += k2; y += k0 + 5u;
  return vec2<u32>(x, y);
}`;

/** The first outcome of [start, end) with word <= last[outcome], by halves; a state without one, which no process has, ends at its last outcome. */
const choose = `
fn choose(word: i32, start: i32, end: i32) -> u32 {
  var low = u32(start);
  var high = u32(end) - 1u;
  while (low < high) {
    let middle = low + (high - low) / 2u;
    if (word > last_int(middle)) { low = middle + 1u; } else { high = middle; }
  }
  return low;
}`;

/** One invocation per sequence; the integers of the sampler on the CPU, bit for bit. */
export const sampleHmm: WebgpuKernel = {
  workgroupSize: sizeOf,
  signed: ["bos"],
  declarations: `${threefry}${choose}`,
  body: (variant) => `let b = flat_group(group) * ${sizeOf(variant)}u + lane;
if (b >= p.batch) { return; }
let k0 = u32(source_int(0u));
let k1 = u32(source_int(1u));
let index = u32(source_int(2u)) + u32(first_int(0u)) + b;
let row = b * p.length;
let shift = select(0u, 1u, p.bos < 0);
let symbols = p.length + shift;
var state = p.states;
var words = vec2<u32>(0u, 0u);
for (var t = 0u; t <= symbols; t++) {
  if (t % 2u == 0u) { words = threefry(k0, k1, index, t / 2u); }
  let word = bitcast<i32>(words[t % 2u] ^ 0x80000000u);
  let outcome = choose(word, rowStart_int(state), rowStart_int(state + 1u));
  state = u32(next_int(outcome));
  if (t == 0u) { continue; }
  let symbol = token_int(outcome);
  let place = t - shift;
  if (place < p.length) { tokens_put_int(row + place, symbol); }
  if (place > 0u) { targets_put_int(row + place - 1u, symbol); }
}
if (p.bos >= 0 && p.length > 0u) { tokens_put_int(row, p.bos); }
for (var t = 0u; t < p.length; t++) { weights_put(row + t, p.weight); }`,
  workgroups: ({ batch = 0 }, variant) => flatWorkgroups(Math.ceil(batch / sizeOf(variant))),
};
