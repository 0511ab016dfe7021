import { readBelief } from "../belief/token.ts";
import { type EntropyOptions, shannonEntropy } from "../numeric/entropy.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";

/**
 * How uncertain an observer is about the hidden state, `H[b] = -sum_s b_s log b_s`, in bits unless `unit` says nats.
 *
 * Only an HMM has hidden states: a belief of another process is a vector of coordinates, and its entropy would change with the
 * basis. It also depends on the presentation: cloning a state of an HMM raises it.
 *
 * @param belief - `[d]`; any positive multiple of a belief will do
 * @throws UnsupportedError if the process is not an HMM
 * @throws ShapeError if the belief has another length than `d`
 * @throws InvalidArgumentError if `belief . w` is not a positive number or an entry is negative
 * @example
 * ```ts
 * import { beliefEntropy, beliefState, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const process = zeroOneRandom({ p: 0.5 });
 * expect(beliefEntropy(process, process.initial)).toBeCloseTo(Math.log2(3), 12);
 * expect(beliefEntropy(process, beliefState(process, [1, 0]))).toBe(1); // one of two phases
 * ```
 */
export function beliefEntropy(process: Process, belief: ArrayLike<number>, options: EntropyOptions = {}): number {
  if (process.certificate.kind !== "hmm") {
    throw new UnsupportedError({
      source: "beliefEntropy",
      problem: `the certificate of the process is "${process.certificate.kind}"`,
      remedy: "Only beliefs of an HMM are distributions; the entropy of nextTokenDistribution exists for every process",
    });
  }
  const distribution = readBelief("beliefEntropy", process, belief);
  return shannonEntropy(
    distribution.map((p) => Math.max(0, p)),
    options,
  );
}
