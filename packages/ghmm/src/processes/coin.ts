import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { checkParameter } from "./parameter.ts";

/**
 * Independent tosses: one state, token 0 with probability `p`, token 1 with `1 - p`.
 *
 * @throws InvalidArgumentError unless `0 <= p <= 1`
 * @example
 * ```ts
 * import { coin, wordProbability } from "@semifactor/ghmm";
 *
 * expect(wordProbability(coin({ p: 0.7 }), [0, 1, 0])).toBeCloseTo(0.147, 14);
 * ```
 */
export function coin({ p }: { readonly p: number }): Process {
  checkParameter("coin", "p", p);
  return createHmm({ operators: [[[p]], [[1 - p]]], initial: [1] });
}
