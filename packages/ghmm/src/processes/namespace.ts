import { coin } from "./coin.ts";
import { evenOnes } from "./even-ones.ts";
import { goldenMean } from "./golden-mean.ts";
import { mess3 } from "./mess3.ts";
import { zeroOneRandom } from "./zero-one-random.ts";

/**
 * The named processes under one name, each a function of its parameters.
 *
 * @example
 * ```ts
 * import { processes } from "@semifactor/ghmm";
 *
 * expect(processes.mess3({ x: 0.15, a: 0.6 }).stateDim).toBe(3);
 * ```
 */
export const processes = Object.freeze({ coin, evenOnes, goldenMean, mess3, zeroOneRandom });
