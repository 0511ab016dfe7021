import { InvalidArgumentError, ShapeError } from "./errors.ts";

/** What the matrix is called in messages, where a function takes several. */
interface MatrixName {
  readonly source: string;
  /** E.g. `the right side`; by default nothing, where there is one matrix only. */
  readonly name?: string;
  readonly remedy: string;
}

/**
 * The largest absolute entry of a row-major `[rows, columns]` matrix.
 *
 * @throws ShapeError if the matrix is empty or has another number of entries
 * @throws InvalidArgumentError if an entry is not finite
 */
export function checkMatrix(matrix: ArrayLike<number>, rows: number, columns: number, named: MatrixName): number {
  const { source, name, remedy } = named;
  const of = name === undefined ? "" : ` of ${name}`;
  const counts = [rows, columns].every((count) => Number.isInteger(count) && count > 0);
  if (!counts || matrix.length !== rows * columns) {
    throw new ShapeError({
      source,
      problem: `${matrix.length} entries${of} for shape [${rows}, ${columns}]`,
      remedy,
    });
  }
  let largest = 0;
  for (let i = 0; i < matrix.length; i++) {
    const value = matrix[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      throw new InvalidArgumentError({
        source,
        problem: `entry [${Math.floor(i / columns)}, ${i % columns}]${of} is ${value}`,
        remedy: "Pass finite numbers only",
      });
    }
    largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
