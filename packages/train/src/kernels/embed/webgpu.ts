import { flatWorkgroups, type WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { elementwise } from "../_webgpu/elementwise.ts";
import { columnSum, columnTile, tileSize } from "../_webgpu/reductions.ts";

/** out[r] = wE[tokens[r]] + wPos[r mod length]. */
export const embedForward = elementwise({
  count: "p.batch * p.length * p.d",
  countOf: ({ batch = 0, length = 0, d = 0 }) => batch * length * d,
  body: `let row = i / p.d;
let column = i % p.d;
let place = wPos_at((row % p.length) * p.d + column);
out_put(i, wE_at(u32(tokens_int(row)) * p.d + column) + place);`,
});

/** Whether no row before `row` has its token, looked for by `lanes` lanes together; one lane alone needs no barrier, which a software adapter pays dearly. */
function search(lanes: number): string {
  if (lanes === 1) {
    return `var first = true;
  for (var r = 0u; r < row && first; r++) { first = tokens_int(r) != token; }`;
  }
  return `for (var r = part; r < row; r += ${lanes}u) {
    if (tokens_int(r) == token) {
      atomicStore(&seen, 1u);
      break;
    }
  }
  workgroupBarrier();
  let first = atomicLoad(&seen) == 0u;`;
}

/**
 * dWE[tokens[r]] += dOut[r], dWPos[r mod length] += dOut[r], without a race and in row order up to the tree of a column.
 *
 * A workgroup has one row and some columns. It looks for its token in the rows before: where that is found, it is done; else its row is the first of the token, and
 * it sums all rows of the token. So a copy compares rows^2 d / 16 tokens at most, whatever the size of the vocabulary, and an unused token costs nothing. One more row
 * of workgroups for every position sums the gradient of that position.
 */
export const embedBackward: WebgpuKernel = {
  workgroupSize: tileSize,
  declarations: (variant) => `${columnSum(variant)}
${columnTile(variant).lanes === 1 ? "" : "var<workgroup> seen: atomic<u32>;"}`,
  body: (variant) => {
    const { count, lanes } = columnTile(variant);
    return `let rows = p.batch * p.length;
let token_rows = select(0u, rows, dWE_present);
let index = flat_group(group);
let blocks = (p.d + ${count - 1}u) / ${count}u;
let row = index / blocks;
let column = (index % blocks) * ${count}u + lane % ${count}u;
let part = lane / ${count}u;
var sum = 0.0;
if (row < token_rows) {
  let token = tokens_int(row);
  ${search(lanes)}
  let end = select(0u, rows, first && column < p.d);
  for (var r = row + part; r < end; r += ${lanes}u) {
    if (tokens_int(r) == token) { sum += dOut_at(r * p.d + column); }
  }
  let total = column_sum(lane, sum);
  if (end > 0u && part == 0u) {
    let to = u32(token) * p.d + column;
    dWE_put(to, dWE_at(to) + total);
  }
  return;
}
let place = row - token_rows;
let end = select(0u, rows, place < p.length && column < p.d);
for (var r = place + part * p.length; r < end; r += ${lanes}u * p.length) { sum += dOut_at(r * p.d + column); }
let total = column_sum(lane, sum);
if (end > 0u && part == 0u) {
  let to = place * p.d + column;
  dWPos_put(to, dWPos_at(to) + total);
}`;
  },
  workgroups({ batch = 0, length = 0, d = 0, dWE = 0, dWPos = 0 }, variant) {
    const rows = (dWE === 0 ? 0 : batch * length) + (dWPos === 0 ? 0 : length);
    return flatWorkgroups(rows * Math.ceil(d / columnTile(variant).count));
  },
};
