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

/** A state (1, x, y) in a disc: token 1 turns and contracts it, token 0 resets it. Signed, and no HMM is known to generate it. */
export const TURNING = {
  operators: [
    [
      [0.5, 0, 0],
      [-0.25, 0, 0],
      [0, 0, 0],
    ],
    [
      [0.5, 0, 0],
      [0.25, 0.15, 0.2],
      [0, -0.2, 0.15],
    ],
  ],
  initial: [1, 0.5, 0],
  normalizer: [1, 0, 0],
};
