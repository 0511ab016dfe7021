import { type Process, singularValueDecomposition } from "@semifactor/ghmm";
import { matrixTimesVector, operatorsOf } from "@semifactor/ghmm/internal";
import type { TensorStructure } from "../../structure/tensor-structure.ts";

/** Operators of one part of two-part tokens, the other summed over: `sum_y T^(u,y)` or `sum_u T^(u,y)`. */
export function partOperators(
  process: Process,
  [first, second]: readonly [number, number],
  part: 0 | 1,
): readonly Float64Array[] {
  const operators = operatorsOf(process);
  return Array.from({ length: part === 0 ? first : second }, (_, kept) => {
    const sum = new Float64Array(process.stateDim ** 2);
    for (let other = 0; other < (part === 0 ? second : first); other++) {
      const token = part === 0 ? kept * second + other : other * second + kept;
      operators[token]?.forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value;
      });
    }
    return sum;
  });
}

/** A word with `T^h w`: its probability from every state. */
export interface WordColumn {
  readonly word: readonly number[];
  readonly column: Float64Array;
}

/** Every word of exactly `length` tokens with `T^h w`. */
export function wordColumns(
  operators: readonly Float64Array[],
  w: Float64Array,
  length: number,
): readonly WordColumn[] {
  let level: readonly WordColumn[] = [{ word: [], column: w }];
  for (let t = 0; t < length; t++) {
    level = level.flatMap(({ word, column }) =>
      operators.map((operator, token) => ({ word: [token, ...word], column: matrixTimesVector(operator, column) })),
    );
  }
  return level;
}

/** Whether a matrix given by its rows has rank at most one, to 1e-9 of its largest singular value. */
function isProduct(rows: readonly (readonly number[])[]): boolean {
  const { values } = singularValueDecomposition(rows.flat(), [rows.length, rows[0]?.length ?? 0]);
  return (values[1] ?? 0) <= 1e-9 * (values[0] ?? 0);
}

/**
 * How the tokens of a process over two factors are made of theirs: `T^(u,y) = A^u (x) C^y` (independent), `A^u (x) C_u^y` with
 * `sum_y C_u^y w_C` proportional to `w_C` (chain), or in no such way.
 */
export function tokenForm(
  process: Process,
  structure: TensorStructure,
  sizes: readonly [number, number],
): "independent" | "chain" | "other" {
  const [{ dimension: dA }, { dimension: dC, normalizer }] = structure.factors;
  const d = dA * dC;
  const operators = operatorsOf(process);
  const grid = (u: number): readonly (readonly number[])[] =>
    Array.from({ length: dA * dA }, (_, i) =>
      Array.from({ length: sizes[1] * dC * dC }, (__, j) => {
        const [y, c, to] = [Math.floor(j / dC ** 2), Math.floor(j / dC) % dC, j % dC];
        const row = Math.floor(i / dA) * dC + c;
        return operators[u * sizes[1] + y]?.[row * d + (i % dA) * dC + to] ?? 0;
      }),
    );
  const grids = Array.from({ length: sizes[0] }, (_, u) => grid(u));
  if (isProduct(grids.flat())) return "independent";
  // sum_y C_u^y w_C, read off the rows of the grid
  const keepsWeights = grids.every((rows) =>
    isProduct(
      rows
        .map((row) =>
          Array.from({ length: dC }, (_, c) =>
            row.reduce(
              (sum, value, j) => (Math.floor(j / dC) % dC === c ? sum + value * (normalizer[j % dC] ?? 0) : sum),
              0,
            ),
          ),
        )
        .concat([Array.from(normalizer)]),
    ),
  );
  return grids.every(isProduct) && keepsWeights ? "chain" : "other";
}
