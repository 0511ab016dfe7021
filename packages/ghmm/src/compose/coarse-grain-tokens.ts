import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { readAlphabet } from "../process/validate.ts";
import { mixTokens } from "./_internal/mix-tokens.ts";

/** Options of {@link coarseGrainTokens}. */
export interface CoarseGrainOptions {
  /** Names of the new tokens; by default the names of those merged, joined with a bar. */
  readonly alphabet?: readonly string[];
}

/**
 * The process seen through a map of its tokens: tokens with the same image are merged, `T'^z = sum_{x: map[x] = z} T^x`.
 *
 * @param map - new token of every token, `[V]`: every number from 0 to the largest occurs
 * @throws InvalidArgumentError if an entry is not an index or a new token has no old one, or a name is empty or repeated
 * @throws ShapeError if the map has another length than the alphabet, or `alphabet` another than there are new tokens
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coarseGrainTokens, mess3, wordProbability } from "@semifactor/ghmm";
 *
 * const merged = coarseGrainTokens(mess3({ x: 0.15, a: 0.6 }), [0, 1, 1]);
 * expect(merged.alphabet).toEqual(["0", "1|2"]);
 * expect(wordProbability(merged, [1])).toBeCloseTo(2 / 3, 14);
 * ```
 */
export function coarseGrainTokens(process: Process, map: ArrayLike<number>, options: CoarseGrainOptions = {}): Process {
  const source = "coarseGrainTokens";
  if (map.length !== process.alphabet.length) {
    throw new ShapeError({
      source,
      problem: `map has ${map.length} entries for ${process.alphabet.length} tokens`,
      remedy: "Give the new token of every token",
    });
  }
  const members: string[][] = [];
  process.alphabet.forEach((name, token) => {
    const to = map[token] ?? Number.NaN;
    if (!(Number.isInteger(to) && to >= 0 && to < map.length)) {
      throw new InvalidArgumentError({
        source,
        problem: `map[${token}] is ${to}`,
        remedy: `Give new tokens from 0 to ${map.length - 1}`,
      });
    }
    while (members.length <= to) members.push([]);
    members[to]?.push(name);
  });
  const empty = members.findIndex((names) => names.length === 0);
  if (empty !== -1) {
    throw new InvalidArgumentError({
      source,
      problem: `no token is mapped to ${empty}, although one is mapped to ${members.length - 1}`,
      remedy: "Number the new tokens without gaps",
    });
  }
  const names = options.alphabet ?? members.map((merged) => merged.join("|"));
  const alphabet = readAlphabet(source, members.length, names);
  return mixTokens(source, process, (from, to) => (map[from] === to ? 1 : 0), alphabet);
}
