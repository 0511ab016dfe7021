/** The golden mean process. */
export const GOLDEN = [
  [
    [0.5, 0],
    [1, 0],
  ],
  [
    [0, 0.5],
    [0, 0],
  ],
];
/** Operators with the normalizer (1.5, 1). */
export const CONE = [
  [
    [0.5, 0.25],
    [0.25, 0],
  ],
  [
    [0, 0.5],
    [0.25, 0.25],
  ],
];
/** Two states that are never left. */
export const IDENTITY = [
  [
    [0.5, 0],
    [0, 0.5],
  ],
  [
    [0.5, 0],
    [0, 0.5],
  ],
];
