import { impossible } from "../belief/token.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { countTransitions } from "./_internal/count-transitions.ts";
import { hiddenMarkov } from "./_internal/hidden-markov.ts";
import { readBatch } from "./_internal/read-tokens.ts";
import type { RaggedBatch } from "./ragged.ts";

/** What {@link expectedTransitions} returns: the sufficient statistics of an HMM. */
export interface ExpectedTransitions {
  /** Expected number of transitions `s -> s'` with token `x`, row-major `[V, d, d]`; they sum to the number of tokens. */
  readonly transitions: Float64Array;
  /** Expected number of sequences that start in each state, `[d]`. */
  readonly starts: Float64Array;
  /** `ln P(sequence)`, `[count]`. */
  readonly logLikelihoods: Float64Array;
}

/**
 * Expected numbers of hidden transitions of an HMM given sequences: the E-step of Baum-Welch, over a ragged batch.
 *
 * `N[x][s][s'] = sum over sequences and t with x_t = x of P(S_{t-1} = s, S_t = s' | sequence)`.
 *
 * @throws UnsupportedError if the process is not an HMM, or a sequence does not fit into memory
 * @throws ShapeError if the lengths do not add up to the number of tokens
 * @throws InvalidArgumentError if a length is not a non-negative integer or a token is out of range
 * @throws ZeroProbabilityError if a sequence is impossible; `position` is within its sequence
 * @example
 * ```ts
 * import { expectedTransitions, zeroOneRandom } from "@semifactor/ghmm";
 *
 * // "101" begins with the random 1: the process went third -> first -> second -> third state.
 * const { transitions } = expectedTransitions(zeroOneRandom({ p: 0.5 }), { tokens: [1, 0, 1, 1], lengths: [4] });
 * expect(transitions.reduce((sum, n) => sum + n, 0)).toBeCloseTo(4, 12);
 * expect(transitions[9 + 1 * 3 + 2]).toBeCloseTo(1, 12); // token 1 from the second state to the third, once
 * ```
 */
export function expectedTransitions(process: Process, batch: RaggedBatch): ExpectedTransitions {
  const source = "expectedTransitions";
  const model = hiddenMarkov(source, process);
  const read = readBatch(source, process, batch);
  const counted = countTransitions(source, model, read, IMPOSSIBLE);
  if ("sequence" in counted) {
    const { sequence, position } = counted;
    const token = read.tokens[(read.starts[sequence] ?? 0) + position] ?? 0;
    throw impossible(source, process, position, token, ` of sequence ${sequence}`);
  }
  return counted;
}
