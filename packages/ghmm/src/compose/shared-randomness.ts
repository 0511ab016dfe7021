import { kronecker, kroneckerVector } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { checkList, readAlphabet } from "../process/validate.ts";
import { compositeCertificate } from "./_internal/composite-certificate.ts";
import { checkVariants, jointNames } from "./_internal/variants.ts";
import { checkWeights } from "./_internal/weights.ts";
import { checkWrittenSize } from "./_internal/written-out.ts";

/** What {@link sharedRandomness} takes. */
export interface SharedRandomnessOptions {
  /** Probability of each pair, `[K]`. */
  readonly weights: readonly number[];
  /** Variants of the two factors, `[K]`; the factors start as the first pair. */
  readonly pairs: readonly (readonly [Process, Process])[];
}

/**
 * Two factors correlated by a shared random choice: at every step pair `k` is drawn anew with probability `weights[k]`, and both factors
 * emit and move as it says, `T^(u,y) = sum_k p_k A_k^u (x) C_k^y`.
 *
 * The operators are sums of up to `K` products, so beliefs do not stay products (T11, T12). States, tokens and names as in
 * {@link tensorProduct}, which is the case of one pair.
 *
 * @throws InvalidArgumentError if the variants of a factor differ in states, tokens or normalizer, or a weight is not a probability
 * @throws NotNormalizedError if the weights do not sum to one
 * @throws ShapeError if there are no pairs, or another number of weights
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, sharedRandomness, wordProbability } from "@semifactor/ghmm";
 *
 * const [heads, tails] = [coin({ p: 1 }), coin({ p: 0 })];
 * const twins = sharedRandomness({ weights: [0.5, 0.5], pairs: [[heads, heads], [tails, tails]] });
 * expect([0, 1, 2, 3].map((token) => wordProbability(twins, [token]))).toEqual([0.5, 0, 0, 0.5]);
 * ```
 */
export function sharedRandomness({ weights, pairs }: SharedRandomnessOptions): Process {
  const source = "sharedRandomness";
  checkList(source, "pairs", pairs);
  Array.from(pairs, (pair, k) => checkList(source, `pairs[${k}]`, pair));
  checkWeights(source, "weights", weights, pairs.length);
  const sides = [pairs.map(([a]) => a), pairs.map(([, c]) => c)] as const;
  const a = checkVariants(source, "pairs[.][0]", sides[0]);
  const c = checkVariants(source, "pairs[.][1]", sides[1]);
  const [dA, dC] = [a.stateDim, c.stateDim];
  checkWrittenSize(source, a.alphabet.length * c.alphabet.length, dA * dC);
  const operators = a.alphabet.flatMap((_, u) =>
    c.alphabet.map((__, y) => {
      const sum = new Float64Array((dA * dC) ** 2);
      pairs.forEach(([one, other], k) => {
        kronecker(one.operator(u), dA, other.operator(y), dC).forEach((value, i) => {
          sum[i] = (sum[i] ?? 0) + (weights[k] ?? 0) * value;
        });
      });
      return sum;
    }),
  );
  const parts = {
    operators,
    initial: kroneckerVector(a.initial, c.initial),
    normalizer: kroneckerVector(a.normalizer, c.normalizer),
    alphabet: readAlphabet(source, operators.length, jointNames([a, c])),
  };
  return storeProcess({ ...parts, certificate: compositeCertificate(source, sides, parts) });
}
