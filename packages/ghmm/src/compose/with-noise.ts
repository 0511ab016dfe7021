import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { checkList } from "../process/validate.ts";
import { mixTokens } from "./_internal/mix-tokens.ts";
import { checkWeights } from "./_internal/weights.ts";

/** The noise of {@link withNoise}: its strength, or the whole channel. */
export type NoiseOptions =
  | { readonly epsilon: number; readonly channel?: never }
  | { readonly channel: readonly ArrayLike<number>[]; readonly epsilon?: never };

/**
 * The process seen through a memoryless noisy channel: token `x'` is read as `x` with probability `B[x'][x]`, so
 * `T'^x = sum_x' B[x'][x] T^x'`.
 *
 * `epsilon` stands for the symmetric channel `B = (1 - epsilon) I + epsilon / V`: a token is replaced by a uniformly drawn one (itself
 * included) with probability `epsilon`. The hidden dynamics and the certificate stay. On joint tokens the noise correlates the
 * factors: beliefs of a noisy product are not products.
 *
 * @param noise - `{ epsilon }` from 0 to 1, or `{ channel }`, `[V][V]` with rows that sum to one
 * @throws InvalidArgumentError if `epsilon` is not from 0 to 1 or a channel entry is not a probability
 * @throws NotNormalizedError if a row of the channel does not sum to one
 * @throws ShapeError if the channel is not `[V][V]`
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, withNoise, wordProbability } from "@semifactor/ghmm";
 *
 * expect(wordProbability(withNoise(coin({ p: 1 }), { epsilon: 0.2 }), [1])).toBeCloseTo(0.1, 14);
 * const asymmetric = withNoise(coin({ p: 0.5 }), { channel: [[0.9, 0.1], [0, 1]] });
 * expect(wordProbability(asymmetric, [0])).toBeCloseTo(0.45, 14);
 * ```
 */
export function withNoise(process: Process, noise: NoiseOptions): Process {
  const source = "withNoise";
  const size = process.alphabet.length;
  const { epsilon, channel } = noise;
  if (channel !== undefined) {
    checkList(source, "channel", channel);
    if (channel.length !== size) {
      throw new ShapeError({
        source,
        problem: `channel has ${channel.length} rows for ${size} tokens`,
        remedy: "Give a row of probabilities for every token",
      });
    }
    Array.from(channel, (row, from) => checkWeights(source, `channel[${from}]`, row, size));
    return mixTokens(source, process, (from, to) => channel[from]?.[to] ?? 0, process.alphabet);
  }
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw new InvalidArgumentError({
      source,
      problem: `epsilon is ${epsilon}`,
      remedy: "Give epsilon from 0 to 1, or a channel",
    });
  }
  const other = epsilon / size;
  return mixTokens(source, process, (from, to) => (from === to ? 1 - epsilon + other : other), process.alphabet);
}
