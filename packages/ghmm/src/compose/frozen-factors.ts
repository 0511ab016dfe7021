import { sampleSequences } from "../belief/sample.ts";
import { tokenAt } from "../belief/token.ts";
import { allocate } from "../numeric/allocate.ts";
import { ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { dot, matrixTimesVector } from "../numeric/matrix.ts";
import { checkInteger } from "../numeric/options.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { randomBits } from "../random/draw.ts";
import { checkKey, foldIn, type Key, splitKey } from "../random/key.ts";
import { projectTokens, readFactors, readSizes } from "./_internal/joint-tokens.ts";
import { operatorsOf } from "./_internal/written-out.ts";
import { hideFactors } from "./hide-factors.ts";

/** What {@link sampleWithFrozenFactors} takes. */
export interface FrozenFactorsOptions {
  /** The factors whose tokens are the same in all sequences, by index. */
  readonly frozen: readonly number[];
  /** Tokens of each factor, the slowest first; known for a product that keeps its factors. */
  readonly sizes?: readonly number[];
  /** Number of sequences. */
  readonly count: number;
  /** Tokens per sequence. */
  readonly length: number;
  readonly key: Key;
  /** Joint tokens of the frozen factors, `[length]`; drawn from their marginal law by default. */
  readonly word?: ArrayLike<number>;
}

/** What {@link sampleWithFrozenFactors} returns. */
export interface FrozenSequences {
  /** Joint tokens of all factors, row-major `[count, length]`. */
  readonly tokens: Int32Array;
  /** Joint tokens of the frozen factors, `[length]`. */
  readonly word: Int32Array;
  readonly count: number;
  readonly length: number;
}

/** Numbers that the backward pass keeps: 256 MiB. */
const LARGEST_FUTURE = 2 ** 25;

/** A joint token that shows the frozen token of its step, and `T^x beta` for what the frozen word holds afterwards. */
interface Candidate {
  readonly token: number;
  readonly future: Float64Array;
}

/** For every step the joint tokens that agree with the word, weighted by the rest of the word: one backward pass. */
function candidatesOf(process: Process, word: Int32Array, shown: Uint32Array): readonly (readonly Candidate[])[] {
  const operators = operatorsOf("sampleWithFrozenFactors", process);
  const steps: (readonly Candidate[])[] = [];
  let beta = process.normalizer;
  for (let t = word.length - 1; t >= 0; t--) {
    const after = beta;
    const own: Candidate[] = [];
    operators.forEach((operator, token) => {
      if (shown[token] === word[t]) own.push({ token, future: matrixTimesVector(operator, after) });
    });
    const sum = new Float64Array(process.stateDim);
    for (const { future } of own) for (let s = 0; s < sum.length; s++) sum[s] = (sum[s] ?? 0) + (future[s] ?? 0);
    // only ratios within a step matter, so the scale is free and is kept from underflowing
    const largest = sum.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    beta = largest === 0 ? sum : sum.map((value) => value / largest);
    steps.push(own);
  }
  return steps.reverse();
}

/**
 * Sequences in which some factors emit the same tokens throughout and the others vary: draws of `P(others | tokens of the frozen)`.
 *
 * The frozen word is drawn once, or given. The other tokens are drawn exactly from their law given the whole word (backward pass over the
 * word, then forward draws), so factors that depend on the frozen ones are treated correctly; factors that do not depend on them vary as they
 * would anyway. Sequence `i` is a pure function of `(process, key, i)`.
 *
 * @throws InvalidArgumentError if `frozen` is not some of the factors, `sizes` is needed and not given, or `count`, `length`, `key` or a
 * token is out of range
 * @throws ShapeError if the sizes do not multiply to the number of tokens, or `word` has another length than `length`
 * @throws ZeroProbabilityError if the frozen word is impossible
 * @throws UnsupportedError if the operators have more than 2^26 entries, or the result does not fit into memory
 * @example
 * ```ts
 * import { coin, createKey, mess3, sampleWithFrozenFactors, tensorProduct } from "@semifactor/ghmm";
 *
 * const pair = tensorProduct(mess3({ x: 0.15, a: 0.6 }), coin({ p: 0.5 }));
 * const options = { sizes: [3, 2], frozen: [0], count: 4, length: 10, key: createKey(0) };
 * const { tokens, word } = sampleWithFrozenFactors(pair, options);
 * expect(Array.from(tokens.subarray(30, 40), (token) => token >> 1)).toEqual(Array.from(word));
 * ```
 */
export function sampleWithFrozenFactors(process: Process, options: FrozenFactorsOptions): FrozenSequences {
  const source = "sampleWithFrozenFactors";
  const { count, length, key } = options;
  checkKey(source, key);
  checkInteger("sampleWithFrozenFactors", "count", count, 0, 2 ** 31);
  checkInteger("sampleWithFrozenFactors", "length", length, 0, 2 ** 20);
  checkInteger("sampleWithFrozenFactors", "count * length", count * length, 0, 2 ** 31);
  const sizes = readSizes(source, process, options.sizes);
  const frozen = readFactors(source, "frozen", options.frozen, sizes.length);
  const hidden = Array.from(sizes.keys()).filter((n) => !frozen.has(n));
  const marginal = hideFactors(process, { sizes, hidden });
  const [wordKey = key, restKey = key] = splitKey(key);
  const given = options.word;
  if (given !== undefined && given.length !== length) {
    throw new ShapeError({
      source,
      problem: `word has ${given.length} tokens for sequences of length ${length}`,
      remedy: "Give a joint token of the frozen factors for every position",
    });
  }
  const numbers = (length * process.alphabet.length * process.stateDim) / marginal.alphabet.length;
  if (numbers > LARGEST_FUTURE) {
    throw new UnsupportedError({
      source,
      problem: `the backward pass over ${length} tokens has ${numbers} numbers`,
      remedy: `Ask for shorter sequences: it keeps at most ${LARGEST_FUTURE} numbers`,
    });
  }
  const word =
    given === undefined
      ? sampleSequences(marginal, { count: 1, length, key: wordKey }).tokens
      : Int32Array.from({ length }, (_, t) => tokenAt(source, marginal, given, t));
  const shown = projectTokens(sizes, (n) => frozen.has(n));
  const steps = candidatesOf(process, word, shown);
  const tokens = allocate(source, Int32Array, count * length);
  const belief = new Float64Array(process.stateDim);
  for (let i = 0; i < count && length > 0; i++) {
    belief.set(process.initial);
    const bits = randomBits(foldIn(restKey, i), length);
    steps.forEach((candidates, t) => {
      const weights = candidates.map(({ future }) => Math.max(0, dot(belief, future)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      let rest = (((bits[t] ?? 0) + 0.5) / 2 ** 32) * total;
      let chosen = -1;
      weights.forEach((weight, k) => {
        if (weight <= IMPOSSIBLE * total || (chosen >= 0 && rest < 0)) return;
        chosen = k;
        rest -= weight;
      });
      const token = candidates[chosen]?.token ?? 0;
      if (chosen < 0 || process.step(belief, token, belief) === 0) {
        throw new ZeroProbabilityError({
          source,
          problem: `the frozen word has probability zero: nothing fits at position ${t}`,
          remedy: "Give a word that the frozen factors can emit, or leave it out",
          position: t,
          token: word[t] ?? 0,
        });
      }
      tokens[i * length + t] = token;
    });
  }
  return { tokens, word, count, length };
}
