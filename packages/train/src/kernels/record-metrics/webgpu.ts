import type { WebgpuKernel, WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";
import { rowSum, rowTile, tileSize } from "../_webgpu/reductions.ts";

/** metrics[2 k] = the weighted sum of the row losses of all shards, as a tree over the lanes of one row; metrics[2 k + 1] = the gradient norm. */
export const recordMetrics: WebgpuKernel = {
  workgroupSize: tileSize,
  declarations: rowSum,
  body: (variant: WebgpuVariant) => `let slot = scalars_at(${scalarIndex.slot}u);
let mine = lane < ${rowTile(variant).lanes}u && slot >= 0.0 && slot < f32(p.slots);
var sum = 0.0;
for (var i = lane; i < select(0u, p.shards * p.rows, mine); i += ${rowTile(variant).lanes}u) {
  let at = (i / p.rows) * p.stride + i % p.rows;
  sum += weights_at(at) * rowLoss_at(at);
}
let total = row_sum(lane, sum);
if (mine && lane == 0u) {
  metrics_put(2u * u32(slot), total);
  metrics_put(2u * u32(slot) + 1u, scalars_at(${scalarIndex.gradientNorm}u));
}`,
  workgroups: () => [1, 1],
};
