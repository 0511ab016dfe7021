/** A mean with its standard error. */
export interface Estimate<T> {
  readonly mean: T;
  /** Standard deviation (n - 1 in the denominator) over sqrt(n). */
  readonly standardError: T;
}

/** Means of the columns of a matrix, and of the means of its rows. */
export interface ColumnStatistics {
  /** `[width]` */
  readonly columns: Estimate<Float64Array>;
  readonly rows: Estimate<number>;
}

function estimate(count: number, value: (index: number) => number): Estimate<number> {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value(i);
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (value(i) - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}

/**
 * Statistics over the rows of a row-major matrix of independent rows: of each column, and of the rows' means, whose entries need not be independent.
 */
export function columnStatistics(values: Float64Array, width: number): ColumnStatistics {
  const count = values.length / width;
  const at = (row: number, column: number): number => values[row * width + column] ?? Number.NaN;
  const columns = Array.from({ length: width }, (_, column) => estimate(count, (row) => at(row, column)));
  const rowMeans = Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += at(row, column);
    return sum / width;
  });
  return {
    columns: {
      mean: Float64Array.from(columns, ({ mean }) => mean),
      standardError: Float64Array.from(columns, ({ standardError }) => standardError),
    },
    rows: estimate(count, (row) => rowMeans[row] ?? Number.NaN),
  };
}
