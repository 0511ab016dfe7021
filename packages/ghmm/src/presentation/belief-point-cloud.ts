import { sampleSequences } from "../belief/sample.ts";
import { allocate } from "../numeric/allocate.ts";
import { checkInteger } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import { checkKey, type Key } from "../random/key.ts";

/** What {@link beliefPointCloud} takes. */
export interface BeliefPointCloudOptions {
  /** Number of points, at most 2^27. */
  readonly points: number;
  /** Key of the sampled words. */
  readonly key: Key;
  /** Tokens of every word before its first point, 128 by default: they lead to the recurrent mixed states. */
  readonly burnIn?: number;
  /** Number of words the points are taken from, 64 by default or as many as there are points: each starts anew. */
  readonly sequences?: number;
}

/** Beliefs along sampled words. */
export interface BeliefPointCloud {
  /** Beliefs, row-major `[count, dimension]`; those of one word are consecutive. */
  readonly points: Float64Array;
  /** Dimension `d` of a belief. */
  readonly dimension: number;
  /** Number of points. */
  readonly count: number;
  /** Last token before each point, `[count]`. */
  readonly tokens: Int32Array;
  /** Tokens of every word before its first point. */
  readonly burnIn: number;
  /** Number of words. */
  readonly sequences: number;
  /** Key of the sampled words. */
  readonly key: Key;
}

const SOURCE = "beliefPointCloud";

/**
 * A cloud of beliefs, distributed as after a long word: what can be drawn of a presentation with uncountably many mixed states.
 *
 * Point `t` of a word is its belief after `burnIn + 1 + t` tokens. A process of several recurrent classes is seen through the
 * classes that the words fall into; more `sequences` visit more of them.
 *
 * @returns points `[count, d]` and the last token of each
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if the points do not fit into memory
 * @example
 * ```ts
 * import { beliefPointCloud, boxCountingDimension, createKey, mess3 } from "@semifactor/ghmm";
 *
 * const cloud = beliefPointCloud(mess3({ x: 0.15, a: 0.6 }), { points: 2000, key: createKey(0) });
 * expect(cloud.points.length).toBe(2000 * 3);
 * const { dimension } = boxCountingDimension(cloud);
 * expect(dimension > 1 && dimension < 2).toBe(true); // a fractal in a triangle
 * ```
 */
export function beliefPointCloud(process: Process, options: BeliefPointCloudOptions): BeliefPointCloud {
  const { points: count, key, burnIn = 128 } = options;
  checkInteger(SOURCE, "points", count, 1, 2 ** 27);
  checkInteger(SOURCE, "burnIn", burnIn, 0, 2 ** 27);
  checkKey(SOURCE, key);
  const { sequences = Math.min(64, count) } = options;
  checkInteger(SOURCE, "sequences", sequences, 1, count);
  const d = process.stateDim;
  const points = allocate(SOURCE, Float64Array, count * d);
  const tokens = allocate(SOURCE, Int32Array, count);
  let at = 0;
  for (let i = 0; i < sequences; i++) {
    const share = Math.ceil((count - at) / (sequences - i));
    const word = sampleSequences(process, { count: 1, length: burnIn + share, key, firstIndex: i, withBeliefs: true });
    points.set(word.beliefs.subarray((burnIn + 1) * d, (burnIn + 1 + share) * d), at * d);
    tokens.set(word.tokens.subarray(burnIn, burnIn + share), at);
    at += share;
  }
  return { points, dimension: d, count, tokens, burnIn, sequences, key };
}
