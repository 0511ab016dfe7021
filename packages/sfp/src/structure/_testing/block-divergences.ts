import { wordsOfLength } from "../../_testing/words.ts";
import { staticLabels } from "../../families/static-labels.ts";
import { blockProcess } from "../blocks.ts";
import type { SemiFactoredProcess } from "../semi-factored.ts";

/** Two personas, blocks 0 and 3 of one state each, that toss a coin of their own (the slower part of a token) and a fair one. */
export function coins(first: number, second: number): SemiFactoredProcess {
  return staticLabels({ alpha: 1, first: [first, second], second: [0.5, 0.5] });
}

/** `D(P_a || P_b)` of two coins in nats. */
export function coinDivergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

/** `D(P_a(x_t | x_<t) || P_b(x_t | x_<t))` at each position in nats: differences of the divergences of whole words. */
export function divergencesByWords(
  process: SemiFactoredProcess,
  a: number,
  b: number,
  count: number,
): readonly number[] {
  const [first, second] = [blockProcess(process, a), blockProcess(process, b)];
  const ofLength = Array.from({ length: count + 1 }, (_, length) => {
    const other = new Map(wordsOfLength(second, length).map(({ tokens, probability }) => [tokens.join(), probability]));
    return wordsOfLength(first, length).reduce(
      (sum, { tokens, probability }) => sum + probability * Math.log(probability / (other.get(tokens.join()) ?? 0)),
      0,
    );
  });
  return Array.from({ length: count }, (_, t) => (ofLength[t + 1] ?? Number.NaN) - (ofLength[t] ?? Number.NaN));
}
