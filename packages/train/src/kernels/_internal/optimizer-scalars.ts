/** Places in the `scalars` buffer that `clip_scale`, the optimizers and `record_metrics` share; SGD has its momentum in the place of beta1. */
export const scalarIndex = {
  learningRate: 0,
  beta1: 1,
  beta2: 2,
  epsilon: 3,
  weightDecay: 4,
  bias1: 5,
  bias2: 6,
  clipScale: 7,
  clip: 8,
  gradientNorm: 9,
  slot: 10,
} as const;

/** Number of elements of the `scalars` buffer. */
export const scalarCount = 16;
