import { flatWorkgroups, type WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { columnSum, columnTile, rowSum, rowTile, tileSize } from "../_webgpu/reductions.ts";

/** y = (x - mean) rstd gain + bias, with the mean first and then the variance about it. */
export const layerNormForward: WebgpuKernel = {
  workgroupSize: tileSize,
  declarations: rowSum,
  body: (variant) => {
    const { count, lanes } = rowTile(variant);
    return `let row = flat_group(group) * ${count}u + lane / ${lanes}u;
let first = lane % ${lanes}u;
let start = row * p.d;
let end = select(0u, p.d, row < p.rows);
var sum = 0.0;
for (var i = first; i < end; i += ${lanes}u) { sum += x_at(start + i); }
let m = row_sum(lane, sum) / f32(p.d);
var square = 0.0;
for (var i = first; i < end; i += ${lanes}u) {
  let c = x_at(start + i) - m;
  square += c * c;
}
let s = 1.0 / sqrt(row_sum(lane, square) / f32(p.d) + p.eps);
for (var i = first; i < end; i += ${lanes}u) {
  y_put(start + i, (x_at(start + i) - m) * s * gain_at(i) + bias_at(i));
}
if (first == 0u && row < p.rows) {
  mean_put(row, m);
  rstd_put(row, s);
}`;
  },
  workgroups: ({ rows = 0 }, variant) => flatWorkgroups(Math.ceil(rows / rowTile(variant).count)),
};

/**
 * With xhat = (x - mean) rstd and g = dY gain: dX += rstd (g - mean(g) - xhat mean(g xhat)) by workgroups over rows, then dGain += sum of dY xhat and dBias += sum of
 * dY by workgroups over columns, in the same dispatch.
 */
export const layerNormBackward: WebgpuKernel = {
  workgroupSize: tileSize,
  declarations: (variant) => `${rowSum(variant)}
${columnSum(variant)}
fn normed(row: u32, column: u32) -> f32 { return (x_at(row * p.d + column) - mean_at(row)) * rstd_at(row); }`,
  body: (variant) => {
    const row = rowTile(variant);
    const column = columnTile(variant);
    return `let index = flat_group(group);
let row_groups = select(0u, (p.rows + ${row.count - 1}u) / ${row.count}u, dX_present);
if (index < row_groups) {
  let row = index * ${row.count}u + lane / ${row.lanes}u;
  let first = lane % ${row.lanes}u;
  let end = select(0u, p.d, row < p.rows);
  var sum = 0.0;
  var product = 0.0;
  for (var i = first; i < end; i += ${row.lanes}u) {
    let g = dY_at(row * p.d + i) * gain_at(i);
    sum += g;
    product += g * normed(row, i);
  }
  let mean_g = row_sum(lane, sum) / f32(p.d);
  let mean_product = row_sum(lane, product) / f32(p.d);
  for (var i = first; i < end; i += ${row.lanes}u) {
    let to = row * p.d + i;
    dX_put(to, dX_at(to) + rstd_at(row) * (dY_at(to) * gain_at(i) - mean_g - normed(row, i) * mean_product));
  }
  return;
}
let column = (index - row_groups) * ${column.count}u + lane % ${column.count}u;
let part = lane / ${column.count}u;
let end = select(0u, p.rows, column < p.d);
var gain_sum = 0.0;
var bias_sum = 0.0;
for (var row = part; row < end; row += ${column.lanes}u) {
  let g = dY_at(row * p.d + column);
  gain_sum += g * normed(row, column);
  bias_sum += g;
}
let gain_total = column_sum(lane, gain_sum);
let bias_total = column_sum(lane, bias_sum);
if (end > 0u && part == 0u) {
  dGain_put(column, dGain_at(column) + gain_total);
  dBias_put(column, dBias_at(column) + bias_total);
}`;
  },
  workgroups({ rows = 0, d = 0, dX = 0, dGain = 0, dBias = 0 }, variant) {
    const rowGroups = dX === 0 ? 0 : Math.ceil(rows / rowTile(variant).count);
    const columnGroups = dGain === 0 && dBias === 0 ? 0 : Math.ceil(d / columnTile(variant).count);
    return flatWorkgroups(rowGroups + columnGroups);
  },
};
