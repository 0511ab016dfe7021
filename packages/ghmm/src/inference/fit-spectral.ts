import { InvalidArgumentError } from "../numeric/errors.ts";
import { checkInteger } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import {
  canonicalCorrelations,
  noiseOfHalves,
  type PastAndFuture,
  pastAndFuture,
} from "./_internal/canonical-correlations.ts";
import { countWindows } from "./_internal/count-windows.ts";
import { readAlphabetOption } from "./_internal/read-alphabet-option.ts";
import { readBatch } from "./_internal/read-tokens.ts";
import { measureShortWords } from "./_internal/smallest-word-probability.ts";

/** What {@link fitSpectral} takes. */
export interface SpectralOptions {
  /** All tokens, sequence after sequence; taken as stationary. */
  readonly tokens: ArrayLike<number>;
  /** Number of tokens of each sequence; one sequence by default. */
  readonly lengths?: ArrayLike<number>;
  /** Names of the tokens or their number; by default as many as the largest token asks for. */
  readonly alphabet?: readonly string[] | number;
  /** Dimension of the fitted process; by default one for each singular value above the noise. */
  readonly rank?: number;
  /**
   * Length of the words before and after a token, by default the largest with at most 64 such words. There may be at most 512
   * of them, and 2^24 words of `2 wordLength + 1` tokens, so alphabets have at most 256 tokens.
   */
  readonly wordLength?: number;
}

/** What {@link fitSpectral} returns. */
export interface FittedGhmm {
  /** The fitted process, stationary, with certificate `unchecked`: some words may have a negative probability. */
  readonly process: Process;
  /** Its dimension. */
  readonly rank: number;
  /** Canonical correlations between past and future words, largest first; the first is 1. */
  readonly singularValues: Float64Array;
  /**
   * Largest singular value that sampling noise explains: 1.3 times that of half the difference of the two halves of the data.
   * The singular values above it set the rank by default.
   */
  readonly noiseLevel: number;
  /** 1 over the smallest singular value used: errors of the frequencies grow by up to this factor. */
  readonly condition: number;
  /** Smallest probability of a short word; negative if the fit is not a process. */
  readonly smallestProbability: number;
  /** Length of the words before and after a token. */
  readonly wordLength: number;
  /** Number of windows of `2 wordLength + 1` tokens that were counted. */
  readonly windows: number;
}

const MOST_WORDS = 512;
/** Most words of a window: their frequencies are kept in arrays. */
const MOST_WINDOW_WORDS = 2 ** 24;
const DEFAULT_WORDS = 64;
/** Largest singular values of independent noise of few words differ by tens of percent. */
const NOISE_MARGIN = 1.3;
/** Singular values at or below this are zero up to rounding. */
const ROUNDING = 1e-12;

/** The largest length with at most 64 words, and at least 1. */
function defaultWordLength(size: number): number {
  if (size === 1) return 1;
  let wordLength = 1;
  while (size ** (wordLength + 1) <= DEFAULT_WORDS) wordLength++;
  return wordLength;
}

/** Adds to entry 0 of the operators what makes `T w = w` and `eta0 T = eta0` hold for `w = eta0 = (1, 0, ..., 0)`. */
function closeNormalization(operators: readonly Float64Array[], rank: number): void {
  for (let i = 0; i < 2 * rank - 1; i++) {
    const at = i < rank ? i : (i - rank + 1) * rank;
    const sum = operators.reduce((total, operator) => total + (operator[at] ?? 0), 0);
    const excess = (sum - (at === 0 ? 1 : 0)) / operators.length;
    for (const operator of operators) operator[at] = (operator[at] ?? 0) - excess;
  }
}

/**
 * Learns a stationary process from its tokens by a singular value decomposition of word frequencies, without iterations or local
 * maxima: observable operators, up to a change of basis.
 *
 * With `H[u, v] = P(uv)` and `H_x[u, v] = P(uxv)` over words `u`, `v` of `wordLength` tokens, and `D_p`, `D_q` the frequencies of
 * `u` and `v`, decompose `D_p^-1/2 H D_q^-1/2 = U S V^T` and keep `rank` terms:
 * `T^x = S^-1/2 U^T D_p^-1/2 H_x D_q^-1/2 V S^-1/2`. The first singular vectors are the square roots of the frequencies, with
 * value 1, so that in this basis `eta0 = w = (1, 0, ..., 0)`. With the number `n` of tokens the error of word probabilities falls
 * as `n^-1/2`, if `rank` is the Hankel rank of the process.
 *
 * The result is not always a process: a rare word may get a negative probability, which `smallestProbability` and the
 * certificate report for short words. Filters treat such a word as impossible. Fewer dimensions or more tokens help.
 * After Hsu, Kakade and Zhang (2012) and Jaeger (2000), with the scaling of canonical correlation analysis.
 *
 * @throws InvalidArgumentError if an option or a token is out of range, `rank` exceeds the number of positive singular values, or
 * no sequence has `2 wordLength + 1` tokens
 * @throws ShapeError if the lengths do not add up to the number of tokens
 * @throws UnsupportedError if the frequencies do not fit into memory
 * @example
 * ```ts
 * import { createKey, fitSpectral, goldenMean, sampleSequences, wordProbability } from "@semifactor/ghmm";
 *
 * const { tokens } = sampleSequences(goldenMean({ p: 0.5 }), { count: 1, length: 20_000, key: createKey(0) });
 * const fitted = fitSpectral({ tokens });
 * expect(fitted.rank).toBe(2);
 * expect(wordProbability(fitted.process, [0, 1, 0])).toBeCloseTo(1 / 3, 1);
 * ```
 */
export function fitSpectral(options: SpectralOptions): FittedGhmm {
  const source = "fitSpectral";
  const alphabet = readAlphabetOption(source, options.tokens, options.alphabet);
  const size = alphabet.length;
  const batch = readBatch(source, { alphabet }, options);
  const { wordLength = defaultWordLength(size) } = options;
  checkInteger(source, "wordLength", wordLength, 1, 64);
  checkInteger(source, "the number of words of wordLength tokens", size ** wordLength, 1, MOST_WORDS);
  checkInteger(
    source,
    "the number of words of 2 wordLength + 1 tokens",
    size ** (2 * wordLength + 1),
    1,
    MOST_WINDOW_WORDS,
  );
  if (options.rank !== undefined) checkInteger(source, "rank", options.rank, 1, size ** wordLength);

  const counted = countWindows(source, batch, size, wordLength);
  const words = size ** wordLength;
  const whole = pastAndFuture(counted.frequencies, size, words);
  const { left, values, right } = canonicalCorrelations(whole);
  const singularValues = Float64Array.of(1, ...values.subarray(0, words - 1));
  const [first, second] = counted.halves;
  const half = (frequencies: Float64Array): PastAndFuture => pastAndFuture(frequencies, size, words);
  const noiseLevel = counted.windows < 2 ? 1 : NOISE_MARGIN * noiseOfHalves(whole, half(first), half(second));
  const positive = singularValues.filter((value) => value > ROUNDING).length;
  const rank =
    options.rank ?? 1 + singularValues.subarray(1).filter((value) => value > Math.max(noiseLevel, ROUNDING)).length;
  if (rank > positive) {
    throw new InvalidArgumentError({
      source,
      problem: `rank is ${rank} and only ${positive} singular values are positive`,
      remedy: "Give a smaller rank or a larger wordLength",
    });
  }
  // column 0 is all ones: in this basis the initial state and the normalizer are unit vectors
  const basis = (vectors: Float64Array, weights: Float64Array): Float64Array =>
    Float64Array.from({ length: words * rank }, (_, i) => {
      const [row, column] = [Math.floor(i / rank), i % rank];
      if (column === 0) return 1;
      const scale = Math.sqrt((singularValues[column] ?? 1) * (weights[row] || 1));
      return (vectors[row * words + column - 1] ?? 0) / scale;
    });
  const operators = project(counted.frequencies, size, basis(left, whole.past), basis(right, whole.future), rank);
  closeNormalization(operators, rank);
  const unit = new Float64Array(rank);
  unit[0] = 1;
  const certificate = measureShortWords(operators, unit, unit);
  const process = storeProcess({ operators, initial: unit, normalizer: unit.slice(), alphabet, certificate });
  return {
    process,
    rank,
    singularValues,
    noiseLevel,
    condition: 1 / (singularValues[rank - 1] ?? 0),
    smallestProbability: certificate.smallestProbability,
    wordLength,
    windows: counted.windows,
  };
}

/** `left^T H_x right` for every token, `[rank, rank]`, from the frequencies of the words `uxv`. */
function project(
  frequencies: Float64Array,
  size: number,
  left: Float64Array,
  right: Float64Array,
  rank: number,
): readonly Float64Array[] {
  const words = left.length / rank;
  const operators = Array.from({ length: size }, () => new Float64Array(rank * rank));
  frequencies.forEach((frequency, code) => {
    if (frequency === 0) return;
    const v = code % words;
    const u = Math.floor(code / (words * size));
    const operator = operators[Math.floor(code / words) % size] ?? new Float64Array(0);
    for (let i = 0, at = 0; i < rank; i++) {
      const weight = frequency * (left[u * rank + i] ?? 0);
      for (let j = 0; j < rank; j++, at++) operator[at] = (operator[at] ?? 0) + weight * (right[v * rank + j] ?? 0);
    }
  });
  return operators;
}
