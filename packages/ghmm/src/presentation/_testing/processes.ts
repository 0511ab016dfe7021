import { createGhmm, createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

/**
 * A process whose beliefs move by the affine maps `b -> b M_x`, chosen independently with probabilities `weights[x]`: its tokens
 * are those of a die, and its beliefs fill the attractor of the maps.
 */
export function affineProcess(maps: readonly (readonly (readonly number[])[])[], weights: readonly number[]): Process {
  return createHmm({
    operators: maps.map((map, x) => map.map((row) => row.map((value) => value * (weights[x] ?? 0)))),
  });
}

/** Beliefs in Cantor's set of middle thirds: `b0 -> b0 / 3` with probability `p`, `b0 -> (b0 + 2) / 3` otherwise. */
export function cantorProcess(p: number): Process {
  const maps = [
    [
      [1 / 3, 2 / 3],
      [0, 1],
    ],
    [
      [1, 0],
      [2 / 3, 1 / 3],
    ],
  ];
  return affineProcess(maps, [p, 1 - p]);
}

/** Beliefs in Sierpinski's triangle: every token moves them half-way to its own corner. */
export function sierpinskiProcess(): Process {
  const corners = [0, 1, 2];
  const maps = corners.map((x) => corners.map((i) => corners.map((j) => (i === j ? 0.5 : 0) + (j === x ? 0.5 : 0))));
  return affineProcess(maps, [1 / 3, 1 / 3, 1 / 3]);
}

/** The same words with every state cloned: a dimension `2 d` of which half is redundant. */
export function cloneStates(process: Process): Process {
  const divide = (row: Float64Array): number[] => {
    const kept = row.map((value, s) => (value * (1 + s)) / (2 + s));
    return [...kept, ...row.map((value, s) => value - (kept[s] ?? 0))];
  };
  const d = process.stateDim;
  return createGhmm({
    operators: process.alphabet.map((_, x) => {
      const operator = process.operator(x);
      const rows = Array.from({ length: d }, (_, s) => divide(operator.subarray(s * d, (s + 1) * d)));
      return [...rows, ...rows];
    }),
    initial: divide(process.initial),
    normalizer: [...process.normalizer, ...process.normalizer],
  });
}
