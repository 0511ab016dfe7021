/** What several vectors are about: beliefs and partitions. */

/** The category of a value out of its range. */
export const INVALID = "InvalidArgumentError";

/** A belief over 2 x 3 states, all but two of whose entries are different. */
export const BELIEF = [0.05, 0.1, 0.15, 0.2, 0.2, 0.3];
/** A belief over 2 x 3 x 2 states. */
export const OF_THREE = {
  dimensions: [2, 3, 2],
  belief: [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0.1, 0.1, 0.05, 0.1, 0.2, 0.05],
};
/** A signed belief over two factors with normalizers of their own. */
export const SCALED = {
  dimensions: [2, 2],
  normalizers: [
    [1.5, 1],
    [1, 0.5],
  ],
  belief: [0.5, -0.25, 0.25, 0.25],
};

/** Two personas, over a phase of three states. */
export const PERSONAS = { dimensions: [2, 3], sectors: [[[0], [1]], [[0, 1, 2]]], blocks: "sectors" } as const;
/** Three of them, the first two in one sector. */
export const MERGED = { dimensions: [3, 3], sectors: [[[0, 1], [2]], [[0, 1, 2]]], blocks: "sectors" } as const;
/** The difference of two phases. */
export const DIFFERENCE = { dimensions: [3, 3], blocks: [0, 1, 2].map((k) => [0, 1, 2].map((c) => [(c + k) % 3, c])) };
/** A belief over the two phases. */
export const PHASES = [0.1, 0.2, 0.05, 0.05, 0.1, 0.1, 0.15, 0.05, 0.2];

/** A signed belief over 2 x 2 states. */
export const SIGNED = [0.75, -0.5, 0.25, 0.5];
/** Merging its second and third row lowers the mutual information and raises the Schmidt entropy. */
export const MERGE = [0.21, 0.25, 0, 0, 0, 0.045, 0, 0.045, 0, 0.2, 0, 0.25];
/** The dimensions of two qubits. */
export const QUBITS = [2, 2];
