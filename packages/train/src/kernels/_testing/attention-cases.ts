import fc from "fast-check";
import { noise } from "../../engines/wasm/_testing/compare-kernel.ts";

/** Shapes of attention beside and across the tiles of four rows and eight columns, with whole groups of query heads, windows and caps. */
export const attentionCase = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    length: fc.oneof(fc.integer({ min: 1, max: 11 }), fc.constantFrom(15, 16, 17)),
    dh: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 16, 20)),
    window: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.constant(40)),
    scale: fc.constantFrom(0.25, 0.4),
    softCap: fc.constantFrom(0, 0.5, 30),
    seed: fc.integer(),
  })
  .map(({ group, ...rest }) => ({
    ...rest,
    heads: rest.kvHeads * group,
    /** Elements of arrays of queries, of keys and of patterns. */
    queries: rest.batch * rest.length * rest.kvHeads * group * rest.dh,
    keys: rest.batch * rest.length * rest.kvHeads * rest.dh,
    patterns: rest.batch * rest.kvHeads * group * rest.length ** 2,
  }));

/** Attention probabilities of some random scores, 0 where a key is not seen: rows that sum to 1. */
export function causalProbabilities(seed: number, matrices: number, length: number, window = 0): Float32Array {
  const weights = noise(seed, matrices * length * length);
  const probs = new Float32Array(matrices * length * length);
  for (let row = 0; row < matrices * length; row++) {
    const position = row % length;
    const first = window > 0 ? Math.max(0, position - window + 1) : 0;
    let total = 0;
    for (let j = first; j <= position; j++) total += 1.1 + (weights[row * length + j] ?? 0);
    for (let j = first; j <= position; j++) probs[row * length + j] = (1.1 + (weights[row * length + j] ?? 0)) / total;
  }
  return probs;
}
