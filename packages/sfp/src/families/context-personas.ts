import { InvalidArgumentError, type Process, UnsupportedError } from "@semifactor/ghmm";
import { checkInteger, checkRange } from "../_internal/checks.ts";
import { partition } from "../structure/partition.ts";
import { assembleSemiFactored, type SemiFactoredProcess } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";

/** Options of {@link contextPersonas}. */
export interface ContextPersonasOptions {
  /** Number K of contexts, 1 to 16; the state is an assignment of a bit to each, `2^K` in all. @defaultValue 12 */
  readonly contexts?: number;
  /** Weight of independent bits in the prior: 0 is one bit shared by all contexts, 1 a bit for each. @defaultValue 0 */
  readonly alpha?: number;
  /** P(u = 1) in a context whose bit is 0, and P(u = 0) where it is 1; 0 to 0.5. @defaultValue 0.1 */
  readonly epsilon?: number;
}

/** Conditional probabilities at or below this make a token impossible, as in every process. */
const IMPOSSIBLE = 1e-12;

/** States up to which an operator is written out: half a gigabyte. */
const LARGEST_DENSE = 2 ** 13;

/** An HMM with static states: `T^x` is the diagonal matrix of `likelihoods[x]`. */
function staticProcess(
  likelihoods: readonly Float64Array[],
  initial: Float64Array,
  alphabet: readonly string[],
): Process {
  const stateDim = initial.length;
  const diagonal = (source: string, token: number): Float64Array => {
    const found = likelihoods[token];
    if (found !== undefined) return found;
    throw new InvalidArgumentError({
      source,
      problem: `token is ${token}`,
      remedy: `Give a token index from 0 to ${likelihoods.length - 1}`,
    });
  };
  return {
    alphabet,
    stateDim,
    initial,
    normalizer: new Float64Array(stateDim).fill(1),
    certificate: { kind: "hmm" },
    step(belief, token, out) {
      const likelihood = diagonal("Process.step", token);
      let probability = 0;
      for (let s = 0; s < stateDim; s++) probability += (belief[s] ?? 0) * (likelihood[s] ?? 0);
      if (!(probability > IMPOSSIBLE)) return 0;
      for (let s = 0; s < stateDim; s++) out[s] = ((belief[s] ?? 0) * (likelihood[s] ?? 0)) / probability;
      return probability;
    },
    operator(token) {
      const likelihood = diagonal("Process.operator", token);
      if (stateDim > LARGEST_DENSE) {
        throw new UnsupportedError({
          source: "Process.operator",
          problem: `the operator is ${stateDim} x ${stateDim}`,
          remedy: "Use step and the functions made of it (filterBeliefs, wordProbability), or 13 contexts at most",
        });
      }
      const operator = new Float64Array(stateDim * stateDim);
      for (let s = 0; s < stateDim; s++) operator[s * stateDim + s] = likelihood[s] ?? 0;
      return operator;
    },
  };
}

/**
 * C_K(alpha): K contexts, each with a static alignment bit, between one shared bit (alpha = 0) and K independent ones (alpha = 1).
 *
 * State: the assignment `i in {0,1}^K`, context k at binary digit k. Token `2 k + u`: k iid uniform, `P(u = 1 | i_k = 0) = epsilon`,
 * `P(u = 1 | i_k = 1) = 1 - epsilon`, so `T^(k,u) = diag_i(P(u | i_k) / K)`. Prior `(1 - alpha)(delta_00..0 + delta_11..1) / 2 + alpha 2^-K`.
 * Every assignment is conserved: one block each. The structure is assignments (x) a trivial capability register (contexts are iid).
 *
 * Token entropy `1 + log2 K`, the law of one context and the entropy rate `log2 K + H2(epsilon)` bits do not depend on alpha. After unlimited
 * evidence for `i_0 = 1`, `P(i_k = 1) = 1 - alpha / 2`: the normalised generalisation to another context is `G_k = 1 - alpha` (T30).
 *
 * The operators are stored as diagonals; `operator(token)` writes out a `[2^K, 2^K]` matrix, which takes seconds for 12 contexts and is
 * refused above 13. Filtering needs no such matrix; sampling and `nextTokenDistribution` do, once for a process.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.contextPersonas({ contexts: 3, alpha: 0.5 });
 * const belief = beliefState(process, new Array(30).fill(1)); // misaligned in context 0, thirty times
 * const other = belief.reduce((sum, weight, assignment) => sum + ((assignment >> 1) & 1) * weight, 0);
 * expect(other).toBeCloseTo(1 - 0.5 / 2, 10);
 * ```
 */
export function contextPersonas(options: ContextPersonasOptions = {}): SemiFactoredProcess {
  const { contexts = 12, alpha = 0, epsilon = 0.1 } = options;
  checkInteger("contextPersonas", "contexts", contexts, 1, 16);
  checkRange("contextPersonas", "alpha", alpha, 0, 1);
  checkRange("contextPersonas", "epsilon", epsilon, 0, 0.5);
  const stateDim = 2 ** contexts;
  const tokens = Array.from({ length: 2 * contexts }, (_, token) => ({ context: token >> 1, u: token & 1 }));
  const likelihoods = tokens.map(({ context, u }) =>
    Float64Array.from({ length: stateDim }, (_, assignment) => {
      const agrees = ((assignment >> context) & 1) === u;
      return (agrees ? 1 - epsilon : epsilon) / contexts;
    }),
  );
  const initial = new Float64Array(stateDim).fill(alpha / stateDim);
  for (const shared of [0, stateDim - 1]) initial[shared] = (initial[shared] ?? 0) + (1 - alpha) / 2;
  const structure = tensorStructure({
    factors: [
      { name: "assignment", dimension: stateDim },
      { name: "capability", dimension: 1 },
    ],
  });
  // diagonal operators commute with every coordinate projector, and one-dimensional blocks are tensor products
  return assembleSemiFactored(
    staticProcess(
      likelihoods,
      initial,
      tokens.map(({ context, u }) => `${context},${u}`),
    ),
    { partition: partition({ structure, blocks: "sectors" }), strong: true, defect: 0 },
  );
}
