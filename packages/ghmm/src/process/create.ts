import { InvalidArgumentError, NotNormalizedError } from "../numeric/errors.ts";
import { certifyBySigns, checkShortWords, TESTED_WORDS } from "./certificate.ts";
import { type CertificateEvidence, verifyEvidence } from "./evidence.ts";
import { HMM_CERTIFICATE, type Process } from "./process.ts";
import { leftFixedVector, rightFixedVector, stationaryOfChain } from "./stationary.ts";
import { denseStorage } from "./storage/dense.ts";
import { storeProcess } from "./store.ts";
import {
  checkFixed,
  checkInitialNorm,
  checkNonNegative,
  netOperator,
  type Operators,
  readAlphabet,
  readOperators,
  readVector,
  TOLERANCE,
} from "./validate.ts";

/** What {@link createHmm} takes. */
export interface HmmDefinition {
  /** `operators[x][s][s'] = P(x, s' | s)`, shape `[V, d, d]`. */
  readonly operators: Operators;
  /** Initial distribution over states, `[d]`; the stationary one by default, if there is just one. */
  readonly initial?: ArrayLike<number>;
  /** Names of the tokens, `"0"`, `"1"`, ... by default. */
  readonly alphabet?: readonly string[];
}

/** What {@link createGhmm} takes. */
export interface GhmmDefinition extends HmmDefinition {
  /** Right fixed vector `w` of the net operator, `[d]`; by default all ones, or the only fixed vector scaled to sum `d`. */
  readonly normalizer?: ArrayLike<number>;
  /** A proof that words have non-negative probabilities, which is verified; without one, short words are tested. */
  readonly certificate?: CertificateEvidence;
  /**
   * Without a proof: all words up to that length are tested for which this many words (states times tokens, over all lengths)
   * suffice, and in any case those of one token; 4096 by default, at most 2^20, and 2^26 numbers in their states.
   */
  readonly testedWords?: number;
}

/** Most words that a test may be asked for. */
const MOST_TESTED_WORDS = 2 ** 20;
/** Numbers in the states of all of them: 512 MiB. */
const MOST_TESTED_NUMBERS = 2 ** 26;

const GIVE_INITIAL = "Pass initial: a process made of several closed blocks has no default";

/** `sum_s' T[s, s']`: deviations from one beyond the tolerance. */
function firstBadRow(net: Float64Array, stateDim: number): { readonly row: number; readonly sum: number } | undefined {
  for (let row = 0; row < stateDim; row++) {
    const sum = net.subarray(row * stateDim, (row + 1) * stateDim).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > TOLERANCE) return { row, sum };
  }
  return undefined;
}

/**
 * A hidden Markov model from `T[x][s][s'] = P(token x, next state s' | state s)`.
 *
 * Every row of the net operator `sum_x T^x` sums to one (within 1e-9) and nothing is negative.
 *
 * @throws ShapeError if the operators are empty, not square or of different sizes, or `initial` or `alphabet` has another length
 * @throws InvalidArgumentError if a number is negative or not finite, or a token's name is empty or repeated
 * @throws NotNormalizedError if a row of the net operator, or `initial`, does not sum to one
 * @throws NonUniqueStationaryStateError if `initial` is left out and there are several stationary states
 * @example
 * ```ts
 * import { createHmm, wordProbability } from "@semifactor/ghmm";
 *
 * const umbrella = createHmm({
 *   operators: [
 *     [[0.63, 0.27], [0.06, 0.14]], // umbrella
 *     [[0.07, 0.03], [0.24, 0.56]], // none
 *   ],
 *   alphabet: ["umbrella", "none"],
 * });
 * expect(umbrella.initial[0]).toBeCloseTo(0.5, 12);
 * expect(wordProbability(umbrella, [0, 1])).toBeCloseTo(0.5 * (0.69 * 0.1 + 0.41 * 0.8), 12);
 * ```
 */
export function createHmm(definition: HmmDefinition): Process {
  const source = "createHmm";
  const operators = readOperators(source, definition.operators);
  const stateDim = definition.operators[0]?.length ?? 0;
  operators.forEach((operator, x) => {
    checkNonNegative(source, (i) => `operators[${x}][${Math.floor(i / stateDim)}][${i % stateDim}]`, operator);
  });
  const net = netOperator(operators, stateDim);
  const bad = firstBadRow(net, stateDim);
  if (bad !== undefined) {
    throw new NotNormalizedError({
      source,
      problem: `row ${bad.row} of the sum of the operators sums to ${bad.sum}`,
      remedy: "Divide the row by its sum in every operator",
    });
  }
  const alphabet = readAlphabet(source, operators.length, definition.alphabet);
  const normalizer = new Float64Array(stateDim).fill(1);
  let initial: Float64Array;
  if (definition.initial === undefined) {
    initial = stationaryOfChain(source, net, stateDim, GIVE_INITIAL);
  } else {
    initial = readVector(source, "initial", definition.initial, stateDim);
    checkNonNegative(source, (s) => `initial[${s}]`, initial);
    checkInitialNorm(source, initial, normalizer);
  }
  return storeProcess({ operators, initial, normalizer, alphabet, certificate: HMM_CERTIFICATE });
}

/**
 * A generalized hidden Markov model: operators may have negative entries and the normalizer need not be all ones.
 *
 * Checks `T w = w` and `eta0 . w = 1` (within 1e-9). Non-negative parts make the certificate `hmm` (or `cone` if `w` is not
 * all ones). Signed ones take the proof given as `certificate`, which is verified; without it they are `unchecked`, after a test
 * that no short word has a negative probability.
 *
 * @throws ShapeError if the operators are empty, not square or of different sizes, or a vector or `alphabet` has another length
 * @throws InvalidArgumentError if a number is not finite, a short word has a negative probability, or a token's name is empty
 * or repeated, `certificate` does not hold (the message has the number that refutes it), or `testedWords` is out of range
 * @throws UnsupportedError if a cone has too many rays to be checked
 * @throws NotNormalizedError if `T w` is not `w`, or `initial . normalizer` is not 1
 * @throws NonUniqueStationaryStateError if `initial` is left out and there are several stationary states
 * @example
 * ```ts
 * import { createGhmm, nextTokenDistribution } from "@semifactor/ghmm";
 *
 * // A state (1, x, y) in the unit disc: token 1 turns and contracts it, token 0 resets it.
 * const [c, s] = [Math.cos(1) / 4, Math.sin(1) / 4];
 * const process = createGhmm({
 *   operators: [
 *     [[0.5, 0, 0], [-0.25, 0, 0], [0, 0, 0]],
 *     [[0.5, 0, 0], [0.25, c, s], [0, -s, c]],
 *   ],
 *   normalizer: [1, 0, 0],
 *   initial: [1, 0.5, 0],
 * });
 * expect(process.certificate).toMatchObject({ kind: "unchecked", wordLength: 11 });
 * expect(nextTokenDistribution(process, process.initial)[0]).toBeCloseTo(0.375, 12);
 * ```
 * @example
 * ```ts
 * import { createGhmm } from "@semifactor/ghmm";
 *
 * // The state (1, r): a bit that flips with probability 1/4 and is then seen. Cones |r| <= 1 to |r| <= 2 are good, larger are not.
 * const bit = (bound: number) =>
 *   createGhmm({
 *     operators: [[[0.5, 0.5], [0.25, 0.25]], [[0.5, -0.5], [-0.25, 0.25]]],
 *     normalizer: [1, 0],
 *     certificate: { kind: "cone", rays: [[1, bound], [1, -bound]] },
 *   });
 * expect(bit(1).certificate.kind).toBe("cone");
 * expect(() => bit(3)).toThrow("does not contain rays[0] T^1");
 * ```
 */
export function createGhmm(definition: GhmmDefinition): Process {
  const source = "createGhmm";
  const operators = readOperators(source, definition.operators);
  const stateDim = definition.operators[0]?.length ?? 0;
  const net = netOperator(operators, stateDim);
  const alphabet = readAlphabet(source, operators.length, definition.alphabet);
  let normalizer: Float64Array;
  if (definition.normalizer !== undefined) {
    normalizer = readVector(source, "normalizer", definition.normalizer, stateDim);
  } else if (firstBadRow(net, stateDim) === undefined) {
    normalizer = new Float64Array(stateDim).fill(1);
  } else {
    normalizer = rightFixedVector(source, net, stateDim);
  }
  checkFixed(source, net, normalizer);
  const initial =
    definition.initial === undefined
      ? leftFixedVector(source, net, normalizer, GIVE_INITIAL)
      : readVector(source, "initial", definition.initial, stateDim);
  checkInitialNorm(source, initial, normalizer);
  const { certificate: evidence, testedWords = TESTED_WORDS } = definition;
  const most = Math.max(TESTED_WORDS, Math.min(MOST_TESTED_WORDS, Math.floor(MOST_TESTED_NUMBERS / stateDim)));
  if (!(Number.isInteger(testedWords) && testedWords >= 1 && testedWords <= most)) {
    throw new InvalidArgumentError({
      source,
      problem: `testedWords is ${testedWords}`,
      remedy: `Give an integer from 1 to ${most}`,
    });
  }
  const parts = { operators, initial, normalizer, alphabet };
  const proven = evidence === undefined ? undefined : verifyEvidence(source, parts, evidence);
  const bySigns = certifyBySigns(operators, initial, normalizer);
  const certificate =
    (bySigns?.kind === "hmm" ? bySigns : (proven ?? bySigns)) ??
    checkShortWords(source, denseStorage(operators, stateDim), operators.length, parts, testedWords);
  return storeProcess({ ...parts, certificate });
}
