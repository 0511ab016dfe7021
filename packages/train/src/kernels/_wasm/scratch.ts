// Memory that kernels use within one call (packed matrices, one row of a softmax). Each thread has an instance of the module, hence a scratch of its own; the
// engine reserves as many bytes as its largest call needs (engines/_internal/scratch-bytes.ts computes them).

/** Byte address of the scratch memory of this instance, a multiple of 64. */
export let scratch: usize = 0;

/** Sets the byte address of the scratch memory of this instance. */
export function set_scratch(address: usize): void {
  scratch = address;
}

/** Bytes at the start of the scratch memory that hold one tile of a product (6 rows of 8 floats). */
export const edgeTileBytes: usize = 192;
