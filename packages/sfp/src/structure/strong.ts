import type { Process } from "@semifactor/ghmm";
import type { Block, Partition } from "./partition.ts";
import { factorStates, type TensorStructure } from "./tensor-structure.ts";

const TOLERANCE = 1e-9;

/** The states of each factor in a block if it is a rectangle `S_A x S_C x ...`, else undefined. */
function rectangle({ states }: Block, structure: TensorStructure): readonly (readonly number[])[] | undefined {
  const joint = states.map((state) => factorStates(structure, state));
  const sides = structure.factors.map((_, n) => [...new Set(joint.map((each) => each[n] ?? 0))]);
  return sides.reduce((product, side) => product * side.length, 1) === states.length ? sides : undefined;
}

/**
 * Whether the block of `operator` over a rectangle of states is a tensor product of factor `n` and the rest: the realigned matrix
 * `R[(a, a'), (c, c')]` has rank at most one, that is, `R_ij R_pq = R_iq R_pj` with `(p, q)` its largest entry.
 */
function splitsOff(operator: Float64Array, stateDim: number, own: readonly number[], rest: readonly number[]): boolean {
  const pairs = (offsets: readonly number[]) => offsets.flatMap((from) => offsets.map((to) => [from, to] as const));
  const columns = pairs(rest);
  const rows = pairs(own).map(([a, aTo]) =>
    Float64Array.from(columns, ([c, cTo]) => operator[(a + c) * stateDim + aTo + cTo] ?? 0),
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

/** Joint indices of the product of some sides, each state times the stride of its factor. */
function offsets(sides: readonly (readonly number[])[], strides: readonly number[], keep: (n: number) => boolean) {
  return sides.reduce<readonly number[]>(
    (joint, side, n) => (keep(n) ? joint.flatMap((at) => side.map((s) => at + s * (strides[n] ?? 1))) : joint),
    [0],
  );
}

/** Whether every block is a rectangle on which every operator is a tensor product: "a mixture of factored processes". */
export function isStrong(process: Process, { structure, blocks }: Partition): boolean {
  const { factors, stateDim } = structure;
  const strides = factors.map((_, n) =>
    factors.slice(n + 1).reduce((product, { dimension }) => product * dimension, 1),
  );
  const splits: (readonly [own: readonly number[], rest: readonly number[]])[] = [];
  for (const block of blocks) {
    const sides = rectangle(block, structure);
    if (sides === undefined) return false;
    for (let n = 0; n < sides.length; n++) {
      const own = offsets(sides, strides, (other) => other === n);
      const rest = offsets(sides, strides, (other) => other !== n);
      // with one side of length one, any matrix is a number times a matrix
      if (own.length > 1 && rest.length > 1) splits.push([own, rest]);
    }
  }
  if (splits.length === 0) return true;
  return process.alphabet.every((_, token) => {
    const operator = process.operator(token);
    return splits.every(([own, rest]) => splitsOff(operator, stateDim, own, rest));
  });
}
