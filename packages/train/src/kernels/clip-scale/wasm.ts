/** scalars[9] = sqrt(sumsq), the global gradient norm; scalars[7] = min(1, clip / (norm + 1e-6)) with clip = scalars[8], or 1 when clip <= 0. */
export function clip_scale(sumsq: usize, scalars: usize): void {
  const norm = sqrt<f32>(load<f32>(sumsq));
  const clip = load<f32>(scalars, 32);
  store<f32>(scalars, norm, 36);
  store<f32>(scalars, clip > 0 ? min<f32>(1, clip / (norm + <f32>1e-6)) : 1, 28);
}
