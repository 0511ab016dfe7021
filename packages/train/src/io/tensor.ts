/** A tensor of a safetensors file. */
export interface Tensor {
  /** Row-major. */
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
  /** The product is the number of elements. */
  readonly shape: readonly number[];
  /**
   * Element type in the file where the array does not tell it: F16 and BF16 have float arrays, I64 a Float64Array of safe integers, BOOL a Uint8Array of 0 and 1.
   * Without it a tensor is F32, F64, I32 or U8, as its array is.
   */
  readonly dtype?: "F16" | "BF16" | "I64" | "BOOL";
}
