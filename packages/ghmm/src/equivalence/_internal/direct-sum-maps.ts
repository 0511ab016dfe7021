import type { LinearMaps } from "./krylov-basis.ts";

/** Maps that act on the first `d` entries as `first` and on the others as `second`. */
export function directSumMaps(first: LinearMaps, second: LinearMaps, d: number): LinearMaps {
  return {
    tokens: first.tokens,
    norms: Array.from({ length: first.tokens }, (_, x) => Math.hypot(first.norms[x] ?? 0, second.norms[x] ?? 0)),
    apply(vector, token, out) {
      first.apply(vector.subarray(0, d), token, out.subarray(0, d));
      second.apply(vector.subarray(d), token, out.subarray(d));
    },
  };
}

/** The first vector, and after it the second. */
export function concatenate(first: Float64Array, second: Float64Array): Float64Array {
  const joint = new Float64Array(first.length + second.length);
  joint.set(first);
  joint.set(second, first.length);
  return joint;
}
