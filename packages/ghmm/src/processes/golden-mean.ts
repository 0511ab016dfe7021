import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { checkParameter } from "./parameter.ts";

/**
 * The golden mean process: no two ones in a row. States A, B; from A token 1 (to B) with probability `p`, else 0; from B token 0.
 *
 * Starts in its stationary state `(1, p) / (1 + p)`; entropy rate `H2(p) / (1 + p)` bits.
 *
 * @param parameters - `p` is 1/2 by default
 * @throws InvalidArgumentError unless `0 <= p <= 1`
 * @example
 * ```ts
 * import { goldenMean, wordProbability } from "@semifactor/ghmm";
 *
 * expect(wordProbability(goldenMean(), [1, 1])).toBe(0);
 * expect(wordProbability(goldenMean(), [0, 1])).toBeCloseTo(1 / 3, 14);
 * ```
 */
export function goldenMean({ p = 0.5 }: { readonly p?: number } = {}): Process {
  checkParameter("goldenMean", "p", p);
  return createHmm({
    operators: [
      [
        [1 - p, 0],
        [1, 0],
      ],
      [
        [0, p],
        [0, 0],
      ],
    ],
    initial: [1 / (1 + p), p / (1 + p)],
  });
}
