import type { Process } from "@semifactor/ghmm";
import type { Block, Partition } from "./partition.ts";

const TOLERANCE = 1e-9;

/** The factor states of a block if it is a rectangle `S_A x S_C`, else undefined. */
function rectangle({ states }: Block, dC: number): readonly [readonly number[], readonly number[]] | undefined {
  const first = [...new Set(states.map((state) => Math.floor(state / dC)))];
  const second = [...new Set(states.map((state) => state % dC))];
  return first.length * second.length === states.length ? [first, second] : undefined;
}

/**
 * Whether the block of `operator` over `S_A x S_C` is a tensor product: the realigned matrix `R[(a, a'), (c, c')]` has rank at most one,
 * that is, `R_ij R_pq = R_iq R_pj` with `(p, q)` its largest entry.
 */
function isTensorProduct(
  operator: Float64Array,
  stateDim: number,
  dC: number,
  [first, second]: readonly [readonly number[], readonly number[]],
): boolean {
  const pairs = (states: readonly number[]) => states.flatMap((from) => states.map((to) => [from, to] as const));
  const columns = pairs(second);
  const rows = pairs(first).map(([a, aTo]) =>
    Float64Array.from(columns, ([c, cTo]) => operator[(a * dC + c) * stateDim + aTo * dC + cTo] ?? 0),
  );
  let pivotRow = new Float64Array(0);
  let pivotColumn = 0;
  let pivot = 0;
  for (const row of rows) {
    row.forEach((value, column) => {
      if (Math.abs(value) > Math.abs(pivot)) [pivotRow, pivotColumn, pivot] = [row, column, value];
    });
  }
  if (pivot === 0) return true;
  return rows.every((row) => {
    const ratio = (row[pivotColumn] ?? 0) / pivot;
    return row.every((value, column) => Math.abs(value - ratio * (pivotRow[column] ?? 0)) <= TOLERANCE);
  });
}

/** Whether every block is a rectangle on which every operator is a tensor product: "a mixture of factored processes". */
export function isStrong(process: Process, { structure, blocks }: Partition): boolean {
  const dC = structure.factors[1].dimension;
  const wide: (readonly [readonly number[], readonly number[]])[] = [];
  for (const block of blocks) {
    const sides = rectangle(block, dC);
    if (sides === undefined) return false;
    // with one side of length one, any matrix is a number times a matrix
    if (sides[0].length > 1 && sides[1].length > 1) wide.push(sides);
  }
  if (wide.length === 0) return true;
  return process.alphabet.every((_, token) => {
    const operator = process.operator(token);
    return wide.every((sides) => isTensorProduct(operator, process.stateDim, dC, sides));
  });
}
