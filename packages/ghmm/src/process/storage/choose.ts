import { blockStorage, invariantBlocks } from "./blocks.ts";
import { denseStorage } from "./dense.ts";
import type { OperatorStorage } from "./operator-storage.ts";
import { sparseStorage } from "./sparse.ts";

/** How many entries differ from zero, over all operators. */
export function countNonZero(operators: readonly Float64Array[]): number {
  let nonZero = 0;
  for (const operator of operators) {
    for (const value of operator) if (value !== 0) nonZero++;
  }
  return nonZero;
}

/**
 * Blocks when they are at least half full and together at most half of the matrix; else sparse when at most a quarter of the
 * entries differ from zero; else dense. Blocks of one state each are stored as sparse.
 */
export function chooseStorage(operators: readonly Float64Array[], stateDim: number): OperatorStorage {
  const nonZero = countNonZero(operators);
  const entries = operators.length * stateDim * stateDim;
  const blocks = invariantBlocks(operators, stateDim);
  const inBlocks = operators.length * blocks.reduce((sum, { length }) => sum + length ** 2, 0);
  const manyStates = blocks.length * 2 <= stateDim;
  if (blocks.length > 1 && manyStates && inBlocks * 2 <= entries && inBlocks <= 2 * nonZero) {
    return blockStorage(operators, stateDim, blocks);
  }
  return nonZero * 4 <= entries ? sparseStorage(operators, stateDim) : denseStorage(operators, stateDim);
}
