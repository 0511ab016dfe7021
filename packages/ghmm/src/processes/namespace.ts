import { coin } from "./coin.ts";
import { daysOfWeek } from "./days-of-week.ts";
import { evenOnes } from "./even-ones.ts";
import { fanizza } from "./fanizza.ts";
import { goldenMean } from "./golden-mean.ts";
import { leakyRrxor } from "./leaky-rrxor.ts";
import { list } from "./list.ts";
import { matchingParentheses } from "./matching-parentheses.ts";
import { mess3 } from "./mess3.ts";
import { mrName } from "./mr-name.ts";
import { postQuantum } from "./post-quantum.ts";
import { rrxor } from "./rrxor.ts";
import { simpleNonunifilar } from "./simple-nonunifilar.ts";
import { tomQuantum } from "./tom-quantum.ts";
import { zeroOneRandom } from "./zero-one-random.ts";

/**
 * The named processes under one name, each a function of its parameters, and `list()`, which describes them: parameters with
 * their ranges, tokens, names of the states.
 *
 * @example
 * ```ts
 * import { processes } from "@semifactor/ghmm";
 *
 * expect(processes.mess3({ x: 0.15, a: 0.6 }).stateDim).toBe(3);
 *
 * const [description] = processes.list().filter(({ name }) => name === "mess3");
 * expect(description?.parameters.map(({ name, range }) => [name, range])).toEqual([["x", [0, 0.5]], ["a", [0, 1]]]);
 * ```
 */
export const processes = Object.freeze({
  coin,
  goldenMean,
  evenOnes,
  zeroOneRandom,
  rrxor,
  leakyRrxor,
  mess3,
  simpleNonunifilar,
  matchingParentheses,
  daysOfWeek,
  mrName,
  tomQuantum,
  fanizza,
  postQuantum,
  list,
});
