/** A square matrix that has been read: row-major `[n, n]`, without imaginary part when it is real. */
export interface Square {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array | undefined;
}
