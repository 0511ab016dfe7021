/** Arguments of a kernel: tokens `[count, length]`, initial belief `[d]`, and where to write what filterBeliefs returns. */
export interface FilterWork {
  readonly tokens: Int32Array;
  readonly count: number;
  readonly length: number;
  readonly initial: Float64Array;
  readonly beliefs: Float64Array;
  readonly probabilities: Float64Array;
}

/** Filters all sequences; false, with the output half written, when it meets a token that is out of range or impossible. */
export type FilterKernel = (work: FilterWork) => boolean;
