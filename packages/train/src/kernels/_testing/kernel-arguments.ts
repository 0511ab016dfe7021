/** A buffer argument: its contents before the call (undefined: absent), floats by default. */
export interface BufferArgument {
  readonly data: ArrayLike<number>;
  readonly type?: "i32";
  /** Name of an earlier buffer argument whose memory this one is. */
  readonly sameAs?: string;
}

/** Arguments of a kernel by name: buffers, or numbers (0 for an absent buffer). */
export type KernelArguments = Readonly<Record<string, BufferArgument | number>>;

/** Float32 rounding of some numbers, as float64 numbers. */
export function float32(values: ArrayLike<number>): number[] {
  return Array.from(new Float32Array(values));
}

/** A small deterministic generator of test data (mulberry32), uniform in [-scale, scale] and already rounded to float32. */
export function noise(seed: number, length: number, scale = 1): number[] {
  let state = seed | 0;
  return float32(
    Array.from({ length }, () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return scale * (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1);
    }),
  );
}

/** A float buffer of noise. */
export function random(seed: number, length: number, scale = 1): BufferArgument {
  return { data: noise(seed, length, scale) };
}

/** A float buffer of zeros, for results. */
export function zeros(length: number): BufferArgument {
  return { data: new Float64Array(length) };
}

/** An integer buffer. */
export function integers(data: ArrayLike<number>): BufferArgument {
  return { data, type: "i32" };
}
