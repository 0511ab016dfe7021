import { InvalidArgumentError, type TokenBatch, ZeroProbabilityError } from "@semifactor/ghmm";
import { allocate, checkBatch, IMPOSSIBLE } from "@semifactor/ghmm/internal";
import type { ContextPersonas } from "./context-personas.ts";

const SOURCE = "filterContextPersonas";

/** Options of {@link filterContextPersonas}. */
export interface ContextPersonasFilterOptions {
  /** Also return the law of the next token at every position. @defaultValue false */
  readonly withNextToken?: boolean;
}

/** Exact posteriors after each token; position `t` has seen tokens `0 .. t` of its sequence. */
export interface ContextPersonasBeliefs {
  readonly count: number;
  readonly length: number;
  /** Number K of contexts. */
  readonly contexts: number;
  /** P(i_k = 1 | h), `[count, length, contexts]`. */
  readonly misaligned: Float64Array;
  /** P(all bits 0, because shared), P(all bits 1, because shared), P(bits independent), given h; `[count, length, 3]`. */
  readonly hypotheses: Float64Array;
  /** P(x_t | x_0 .. x_(t-1)), `[count, length]`. */
  readonly probabilities: Float64Array;
  /** `ln P(x_0 .. x_(length-1))` in nats, `[count]`. */
  readonly logLikelihoods: Float64Array;
  /** Law of token `t + 1`, `[count, length, 2 * contexts]`, if asked for. */
  readonly nextToken?: Float64Array;
}

/**
 * The three hypotheses of one sequence. With `D_k` the number of ones less that of zeros in context k, `S = sum_k D_k` and
 * `L = ln((1 - epsilon) / epsilon)`, their likelihoods are, up to a common factor,
 * `exp(-S L / 2)`, `exp(S L / 2)` and `prod_k cosh(D_k L / 2)`: kept relative to the larger of the first two, in which only whole
 * numbers are subtracted, so that no sequence is too long.
 */
class Hypotheses {
  /** `D_k`, `[contexts]`. */
  private readonly differences: Int32Array;
  /** `ln((1 + exp(-|D_k| L)) / 2)`, `[contexts]`. */
  private readonly logMeans: Float64Array;
  /** P(i_k = 1 | h, independent bits), and of 0, `[contexts]`: neither loses precision when it is small. */
  readonly one: Float64Array;
  readonly zero: Float64Array;
  /** Weights of: all 0, all 1, independent. */
  readonly weights = new Float64Array(3);
  private sum = 0;
  private absoluteSum = 0;
  private readonly logOdds: number;
  private readonly logPrior: readonly [shared: number, independent: number];

  constructor({ contexts, alpha, epsilon }: ContextPersonas) {
    this.differences = new Int32Array(contexts);
    this.logMeans = new Float64Array(contexts);
    this.one = new Float64Array(contexts);
    this.zero = new Float64Array(contexts);
    this.logOdds = Math.log1p(-epsilon) - Math.log(epsilon);
    this.logPrior = [Math.log((1 - alpha) / 2), Math.log(alpha)];
  }

  reset(): void {
    this.differences.fill(0);
    this.logMeans.fill(0);
    this.one.fill(1 / 2);
    this.zero.fill(1 / 2);
    this.sum = 0;
    this.absoluteSum = 0;
    this.weigh();
  }

  /** One more emission `u` in a context. */
  observe(context: number, u: number): void {
    const before = this.differences[context] ?? 0;
    const now = before + 2 * u - 1;
    this.differences[context] = now;
    this.sum += now - before;
    this.absoluteSum += Math.abs(now) - Math.abs(before);
    const evidence = this.times(now);
    const smaller = Math.exp(-Math.abs(evidence));
    this.logMeans[context] = Math.log1p(smaller) - Math.LN2;
    this.one[context] = 1 / (1 + Math.exp(-evidence));
    this.zero[context] = 1 / (1 + Math.exp(evidence));
    this.weigh();
  }

  /** `n L`, and 0 for n = 0 even where L is infinite. */
  private times(n: number): number {
    return n === 0 ? 0 : n * this.logOdds;
  }

  private weigh(): void {
    const { weights, logMeans } = this;
    const size = Math.abs(this.sum);
    let independent = this.logPrior[1] + this.times(this.absoluteSum - size) / 2;
    for (let k = 0; k < logMeans.length; k++) independent += logMeans[k] ?? 0;
    if (independent === Number.POSITIVE_INFINITY) {
      weights[0] = 0;
      weights[1] = 0;
      weights[2] = 1;
      return;
    }
    const favoured = this.logPrior[0];
    const other = favoured - this.times(size);
    const largest = Math.max(favoured, independent);
    const [a, b, c] = [Math.exp(favoured - largest), Math.exp(other - largest), Math.exp(independent - largest)];
    const total = a + b + c;
    weights[0] = (this.sum > 0 ? b : a) / total;
    weights[1] = (this.sum > 0 ? a : b) / total;
    weights[2] = c / total;
  }
}

/**
 * Exact Bayes filter of {@link contextPersonas} for every number of contexts, in O(K) time a token and O(K) memory a sequence.
 *
 * Never enumerates the `2^K` assignments. The prior is a mixture of three hypotheses: all bits 0, all bits 1, independent bits.
 * Given each of them the bits are independent, so the posterior is a mixture of three products whose sufficient statistics are the
 * numbers of ones and zeros seen in each context (the prior is exchangeable). The law of contexts says nothing about the bits.
 *
 * @param batch - tokens `2 k + u`, row-major `[count, length]`
 * @returns posteriors of the bits, weights of the hypotheses, conditional probabilities and log-likelihoods, and on request
 * next-token laws
 * @throws ShapeError if the number of tokens is not `count * length`; InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if a sequence is impossible (a conditional probability of 1e-12 or less, as in every process)
 * @throws UnsupportedError if the result does not fit into memory
 * @example
 * ```ts
 * import { families, filterContextPersonas } from "@semifactor/sfp";
 *
 * const process = families.contextPersonas({ contexts: 24, alpha: 0.25 });
 * const narrow = { tokens: new Array(40).fill(1), count: 1, length: 40 }; // misaligned in context 0, forty times
 * const { misaligned, hypotheses } = filterContextPersonas(process, narrow);
 * expect(misaligned[39 * 24]).toBeCloseTo(1, 12); // context 0
 * expect(misaligned[39 * 24 + 7]).toBeCloseTo(1 - 0.25 / 2, 12); // a context never seen
 * expect(hypotheses[39 * 3 + 2]).toBeCloseTo(0.25, 12); // evidence from one context does not separate shared from independent
 * ```
 */
export function filterContextPersonas(
  process: ContextPersonas,
  batch: TokenBatch,
  options: ContextPersonasFilterOptions = {},
): ContextPersonasBeliefs {
  checkBatch(SOURCE, batch);
  const { tokens, count, length } = batch;
  const { contexts, epsilon, chain, initialContext } = process;
  const misaligned = allocate(SOURCE, Float64Array, count * length * contexts);
  const hypotheses = allocate(SOURCE, Float64Array, count * length * 3);
  const probabilities = allocate(SOURCE, Float64Array, count * length);
  const logLikelihoods = new Float64Array(count);
  const nextToken =
    options.withNextToken === true ? allocate(SOURCE, Float64Array, count * length * 2 * contexts) : undefined;
  const state = new Hypotheses(process);
  const { one, zero, weights } = state;
  for (let sequence = 0; sequence < count; sequence++) {
    state.reset();
    let contextLaw: ArrayLike<number> = initialContext;
    for (let t = 0; t < length; t++) {
      const at = sequence * length + t;
      const token = tokens[at] ?? Number.NaN;
      if (!Number.isInteger(token) || token < 0 || token >= 2 * contexts) {
        throw new InvalidArgumentError({
          source: SOURCE,
          problem: `token ${t} of sequence ${sequence} is ${token}`,
          remedy: `Give token indices from 0 to ${2 * contexts - 1}`,
        });
      }
      const [context, u] = [token >> 1, token & 1];
      const isOne = (weights[1] ?? 0) + (weights[2] ?? 0) * (one[context] ?? 0);
      const isZero = (weights[0] ?? 0) + (weights[2] ?? 0) * (zero[context] ?? 0);
      const written = u === 1 ? epsilon * isZero + (1 - epsilon) * isOne : epsilon * isOne + (1 - epsilon) * isZero;
      const probability = (contextLaw[context] ?? 0) * written;
      if (!(probability > IMPOSSIBLE)) {
        throw new ZeroProbabilityError({
          source: SOURCE,
          problem: `token ${token} at position ${t} of sequence ${sequence} has probability ${probability} after the tokens before it`,
          remedy: "Give sequences of the process, or an epsilon above 0 and a chain that reaches the context",
          position: t,
          token,
        });
      }
      probabilities[at] = probability;
      logLikelihoods[sequence] = (logLikelihoods[sequence] ?? 0) + Math.log(probability);
      state.observe(context, u);
      if (chain !== undefined) contextLaw = chain[context] ?? [];
      const [w0 = 0, w1 = 0, w2 = 0] = weights;
      hypotheses[at * 3] = w0;
      hypotheses[at * 3 + 1] = w1;
      hypotheses[at * 3 + 2] = w2;
      for (let k = 0; k < contexts; k++) misaligned[at * contexts + k] = w1 + w2 * (one[k] ?? 0);
      if (nextToken === undefined) continue;
      for (let k = 0; k < contexts; k++) {
        const law = contextLaw[k] ?? 0;
        const [p0, p1] = [w0 + w2 * (zero[k] ?? 0), w1 + w2 * (one[k] ?? 0)];
        nextToken[(at * contexts + k) * 2] = law * ((1 - epsilon) * p0 + epsilon * p1);
        nextToken[(at * contexts + k) * 2 + 1] = law * (epsilon * p0 + (1 - epsilon) * p1);
      }
    }
  }
  return {
    count,
    length,
    contexts,
    misaligned,
    hypotheses,
    probabilities,
    logLikelihoods,
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}
