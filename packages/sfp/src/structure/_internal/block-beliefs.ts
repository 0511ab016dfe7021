import type { SemiFactoredProcess } from "../semi-factored.ts";
import { advanceBlock, blockOperators, initialBlocks } from "./block-operators.ts";

/** Beliefs of two blocks, one after the other in one array, that move together. */
export interface BlockPair {
  readonly tokens: number;
  /** Dimensions of the two blocks. */
  readonly sizes: readonly [number, number];
  readonly initial: Float64Array;
  /** Moves the first or the second belief of a pair and returns the probability of the token there; 0 leaves it alone. */
  advance(pair: Float64Array, token: number, side: 0 | 1): number;
  /** `P_a(x)` and `P_b(x)` of every token after a pair, `[tokens]` each. */
  predict(pair: Float64Array, first: Float64Array, second: Float64Array): void;
}

export function blockPair(source: string, process: SemiFactoredProcess, first: number, second: number): BlockPair {
  const operators = blockOperators(process);
  const { beliefs } = initialBlocks(source, process);
  const ranges = [first, second].map((beta) => beliefs.subarray(operators.start[beta], operators.start[beta + 1]));
  const [a = new Float64Array(0), b = new Float64Array(0)] = ranges;
  const initial = Float64Array.of(...a, ...b);
  const scratch = new Float64Array(initial.length);
  const moved = new Float64Array(initial.length);
  const advance = (pair: Float64Array, token: number, side: 0 | 1): number =>
    advanceBlock(operators, token, side === 0 ? first : second, pair, side === 0 ? 0 : a.length, scratch);
  return {
    tokens: operators.tokens,
    sizes: [a.length, b.length],
    initial,
    advance,
    predict(pair, p, q) {
      for (let token = 0; token < operators.tokens; token++) {
        moved.set(pair);
        p[token] = advance(moved, token, 0);
        q[token] = advance(moved, token, 1);
      }
    },
  };
}

/** `sum_x p log(p / q)` in nats: infinite where `q` excludes what `p` does not. */
export function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let x = 0; x < p.length; x++) {
    const [px = 0, qx = 0] = [p[x], q[x]];
    if (px > 0) sum += qx > 0 ? px * Math.log(px / qx) : Number.POSITIVE_INFINITY;
  }
  return Math.max(0, sum);
}
