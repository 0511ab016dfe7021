/**
 * metrics[2 k] = sum over shards and rows, in order and in float64, of weights rowLoss; metrics[2 k + 1] = the gradient norm, scalars[9]; k = scalars[10].
 * Nothing is written where k is not below slots. stride in bytes.
 */
export function record_metrics(
  rowLoss: usize, weights: usize, stride: usize, scalars: usize, metrics: usize,
  shards: usize, rows: usize, slots: usize,
): void {
  const slot = load<f32>(scalars, 40);
  if (!(slot >= 0 && slot < <f32>slots)) return;
  let sum: f64 = 0;
  for (; shards > 0; shards--, rowLoss += stride, weights += stride) {
    for (let r: usize = 0; r < rows << 2; r += 4) sum += <f64>load<f32>(weights + r) * <f64>load<f32>(rowLoss + r);
  }
  metrics += <usize>slot << 3;
  store<f32>(metrics, <f32>sum);
  store<f32>(metrics, load<f32>(scalars, 36), 4);
}
