import { type EntropyOptions, shannonEntropy } from "@semifactor/ghmm";
import { recurrentClasses, solveMarkovChain, unitsPerNat } from "@semifactor/ghmm/internal";
import { checkChoice, checkRange } from "../_internal/checks.ts";
import type { ContextPersonas } from "./context-personas.ts";

/** Options of {@link generalizationCoefficient}. */
export interface GeneralizationOptions {
  /** Number n of tokens u = 1 seen in one context, and nothing else. @defaultValue Infinity */
  readonly evidence?: number;
}

/**
 * How far "misaligned in one context" carries over to any other, `G_k = (P'(u=1|k) - P(u=1|k)) / (P_mis(u=1|k) - P(u=1|k))`, T30.
 *
 * After n tokens u = 1 in one context, and nothing else, `G_k = 2 P(i_k = 1 | h) - 1 = (1 - alpha) tanh(n L / 2)`,
 * `L = ln((1 - epsilon) / epsilon)`: `1 - alpha` without limit on the evidence. For any other history take `2 p - 1` of
 * {@link filterContextPersonas}'s `misaligned`. At epsilon = 1/2 tokens say nothing and it is 0, whatever the evidence.
 *
 * @returns a number from 0 (nothing carries over) to 1 (everything)
 * @throws InvalidArgumentError if the evidence is negative or NaN
 * @example
 * ```ts
 * import { families, generalizationCoefficient } from "@semifactor/sfp";
 *
 * const process = families.contextPersonas({ contexts: 24, alpha: 0.25, epsilon: 0.1 });
 * expect(generalizationCoefficient(process)).toBe(0.75);
 * // one token: (1 - alpha)(1 - 2 epsilon)
 * expect(generalizationCoefficient(process, { evidence: 1 })).toBeCloseTo(0.75 * 0.8, 14);
 * ```
 */
export function generalizationCoefficient(process: ContextPersonas, options: GeneralizationOptions = {}): number {
  const { evidence = Number.POSITIVE_INFINITY } = options;
  if (evidence !== Number.POSITIVE_INFINITY) {
    checkRange("generalizationCoefficient", "evidence", evidence, 0, Number.MAX_VALUE);
  }
  const { alpha, epsilon } = process;
  if (evidence === 0 || epsilon === 0.5) return 0;
  return (1 - alpha) * Math.tanh((evidence * (Math.log1p(-epsilon) - Math.log(epsilon))) / 2);
}

/**
 * Total correlation of the alignment bits in the prior, `TC = sum_k H(i_k) - H(i) = K - H(rho_alpha)`: `K - 1` bits for one shared bit
 * (alpha = 0), 0 for independent ones (alpha = 1). In closed form: `rho_alpha` has two assignments of weight
 * `(1 - alpha) / 2 + alpha 2^-K` and `2^K - 2` of `alpha 2^-K`.
 *
 * @returns bits, or nats if `unit` says so
 * @throws InvalidArgumentError if the unit is unknown
 * @example
 * ```ts
 * import { alignmentTotalCorrelation, families } from "@semifactor/sfp";
 *
 * expect(alignmentTotalCorrelation(families.contextPersonas({ contexts: 64, alpha: 0 }))).toBe(63);
 * expect(alignmentTotalCorrelation(families.contextPersonas({ contexts: 4, alpha: 0.5 }))).toBeCloseTo(0.783, 3);
 * ```
 */
export function alignmentTotalCorrelation(process: ContextPersonas, options: EntropyOptions = {}): number {
  const scale = unitsPerNat("alignmentTotalCorrelation", options.unit ?? "bits") / Math.LOG2E;
  const { contexts, alpha } = process;
  const share = alpha * 2 ** -contexts;
  const special = (1 - alpha) / 2 + share;
  // K - H as a divergence from the uniform law: sum_i rho_i log2(2^K rho_i), which cancels nothing
  const others = alpha * (1 - 2 ** (1 - contexts));
  const divergence = 2 * special * (contexts + Math.log2(special)) + (others > 0 ? others * Math.log2(alpha) : 0);
  return Math.max(0, divergence) * scale;
}

/** Options of {@link alignmentParticipationRatio}. */
export interface ParticipationRatioOptions {
  /** `narrow`: unlimited evidence from one context, any equally often. `full`: from every context. @defaultValue "narrow" */
  readonly evidence?: "narrow" | "full";
}

/**
 * Participation ratio `(sum lambda)^2 / sum lambda^2` of the covariance of the alignment beliefs `P(i_k = 1 | h)`: in how many directions
 * they move, 1 to K.
 *
 * With `A = alpha I + (1 - alpha) 1 1^T`, the covariance is `A A^T / (4 K)` after unlimited evidence from one context, and `A /
 * 4`, the prior's own, after it from all. It is 1 exactly if alpha = 0: one direction moves all contexts. After a few tokens of
 * all contexts it lies between the two.
 *
 * @throws InvalidArgumentError if the evidence is neither
 * @example
 * ```ts
 * import { alignmentParticipationRatio, families } from "@semifactor/sfp";
 *
 * const ratio = (alpha: number) => alignmentParticipationRatio(families.contextPersonas({ contexts: 4, alpha }));
 * expect([ratio(0), ratio(1)]).toEqual([1, 4]);
 * expect(ratio(0.5)).toBeCloseTo(49 / 39.25, 12);
 * ```
 */
export function alignmentParticipationRatio(process: ContextPersonas, options: ParticipationRatioOptions = {}): number {
  const { evidence = "narrow" } = options;
  checkChoice("alignmentParticipationRatio", "evidence", evidence, ["narrow", "full"]);
  const { contexts, alpha } = process;
  const power = evidence === "narrow" ? 2 : 1;
  const common = (alpha + contexts * (1 - alpha)) ** power;
  const own = alpha ** power;
  return (common + (contexts - 1) * own) ** 2 / (common ** 2 + (contexts - 1) * own ** 2);
}

/**
 * Entropy of the first token, `H(context) + 1` bits: `1 + log2 K` for uniform contexts. It depends on neither alpha nor epsilon.
 *
 * @returns bits, or nats if `unit` says so
 * @throws InvalidArgumentError if the unit is unknown
 * @example
 * ```ts
 * import { contextTokenEntropy, families } from "@semifactor/sfp";
 *
 * expect(contextTokenEntropy(families.contextPersonas({ contexts: 32, alpha: 0.3 }))).toBe(6);
 * ```
 */
export function contextTokenEntropy({ initialContext }: ContextPersonas, options: EntropyOptions = {}): number {
  return shannonEntropy(initialContext, options) + shannonEntropy([1 / 2, 1 / 2], options);
}

/**
 * Entropy rate: that of the contexts and `H2(epsilon)`, as every bit that is met again is learned. `log2 K + H2(epsilon)` bits for
 * uniform contexts; with a chain `sum_k pi_k H(chain[k]) + H2(epsilon)`, pi the share of time spent in each context. It does not
 * depend on alpha.
 *
 * @returns bits per token, or nats if `unit` says so
 * @throws InvalidArgumentError if the unit is unknown
 * @example
 * ```ts
 * import { contextEntropyRate, families } from "@semifactor/sfp";
 *
 * const chain = [[0.5, 0.5], [1, 0]]; // 2/3 of the time in context 0
 * const process = families.contextPersonas({ contexts: 2, chain, epsilon: 0 });
 * expect(contextEntropyRate(process)).toBeCloseTo(2 / 3, 12);
 * ```
 */
export function contextEntropyRate(process: ContextPersonas, options: EntropyOptions = {}): number {
  const { contexts, epsilon, chain, initialContext } = process;
  const bit = shannonEntropy([epsilon, 1 - epsilon], options);
  if (chain === undefined) return shannonEntropy(initialContext, options) + bit;
  const net = Float64Array.from(chain.flat());
  const steps = Array.from(net.entries()).flatMap(([at, p]) =>
    p > 0 ? [{ from: Math.floor(at / contexts), to: at % contexts }] : [],
  );
  const { classes } = recurrentClasses(new Array<boolean>(contexts).fill(true), steps);
  const shares = solveMarkovChain(net, contexts, classes).timeAverage(initialContext);
  return chain.reduce((sum, row, k) => sum + (shares[k] ?? 0) * shannonEntropy(row, options), bit);
}
