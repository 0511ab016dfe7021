import { impossible } from "../belief/token.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { checkInteger, checkNumber } from "../numeric/options.ts";
import { HMM_CERTIFICATE, type Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { checkKey, foldIn, type Key } from "../random/key.ts";
import { type EmRun, randomModel, runExpectationMaximization } from "./_internal/expectation-maximization.ts";
import { type HiddenMarkov, hiddenMarkov } from "./_internal/hidden-markov.ts";
import { readAlphabetOption } from "./_internal/read-alphabet-option.ts";
import { type ReadBatch, readBatch } from "./_internal/read-tokens.ts";

/** What {@link fitBaumWelch} takes. */
export interface BaumWelchOptions {
  /** All tokens, sequence after sequence. */
  readonly tokens: ArrayLike<number>;
  /** Number of tokens of each sequence; one sequence by default. */
  readonly lengths?: ArrayLike<number>;
  /** Number of hidden states; not needed with `initial`. */
  readonly states?: number;
  /** Names of the tokens or their number; by default as many as the largest token asks for. */
  readonly alphabet?: readonly string[] | number;
  /** Key of the random starting models: restart `i` depends on `key` and `i` only. Not needed for one run from `initial`. */
  readonly key?: Key;
  /** An HMM to start the first run from; entries that are 0 stay 0 (without pseudocounts). */
  readonly initial?: Process;
  /** Number of runs; 5 by default, 1 with `initial`. */
  readonly restarts?: number;
  /** Most iterations of a run, 500 by default. */
  readonly maxIterations?: number;
  /** A run has converged when an iteration gains at most this, in nats per token; 1e-7 by default. */
  readonly tolerance?: number;
  /** Added to every expected count: 0, which is the default, or from 1e-100 to 1e100. */
  readonly pseudocount?: number;
}

/** How a run of {@link fitBaumWelch} ended. */
export interface BaumWelchRun {
  /** `ln P(data)`, in nats. */
  readonly logLikelihood: number;
  /** Iterations made. */
  readonly iterations: number;
  /** Whether the last iteration gained no more than the tolerance. */
  readonly converged: boolean;
}

/** What {@link fitBaumWelch} returns: the best run, and how all of them ended. */
export interface FittedHmm extends BaumWelchRun {
  /** The fitted HMM; its initial state is the estimated distribution of the state before the first token of a sequence. */
  readonly process: Process;
  /**
   * Before each iteration and after the last: the log-likelihood in nats, with pseudocounts `c` plus `c` times the sum of the
   * logarithms of all parameters (`-Infinity` where one of an initial HMM is 0). Never decreases.
   */
  readonly trace: Float64Array;
  /** States that the data do not visit: their rows are those of the starting model. */
  readonly deadStates: readonly number[];
  /** All runs, in the order of their starts. */
  readonly restarts: readonly BaumWelchRun[];
}

/** Parameters of a model: half a gigabyte. */
const LARGEST_MODEL = 2 ** 26;

/** The checked data, tokens and starting models. */
interface Plan {
  readonly batch: ReadBatch;
  readonly alphabet: readonly string[];
  readonly start: (restart: number) => HiddenMarkov;
}

function plan(source: string, options: BaumWelchOptions, restarts: number): Plan {
  const { initial, key } = options;
  if (key !== undefined) checkKey(source, key);
  else if (initial === undefined || restarts > 1) {
    throw new InvalidArgumentError({
      source,
      problem: "key is undefined",
      remedy: "Give a key for the random starting models, or one run from an initial HMM",
    });
  }
  const alphabet = initial?.alphabet ?? readAlphabetOption(source, options.tokens, options.alphabet);
  const batch = readBatch(source, { alphabet }, options);
  if (batch.tokens.length === 0) {
    throw new InvalidArgumentError({ source, problem: "there are no tokens", remedy: "Give at least one token" });
  }
  const given = initial === undefined ? undefined : hiddenMarkov(source, initial);
  const states = options.states ?? given?.stateDim ?? Number.NaN;
  checkInteger(source, "states", states, 1, 4096);
  if (given !== undefined && given.stateDim !== states) {
    throw new InvalidArgumentError({
      source,
      problem: `states is ${states} and initial has ${given.stateDim}`,
      remedy: "Leave states out when you give initial",
    });
  }
  const size = alphabet.length * states ** 2;
  if (size > LARGEST_MODEL) {
    throw new UnsupportedError({
      source,
      problem: `${states} states and ${alphabet.length} tokens make ${size} parameters`,
      remedy: `Give fewer states or tokens: at most ${LARGEST_MODEL} parameters are fitted`,
    });
  }
  const random = (restart: number): HiddenMarkov =>
    randomModel(states, alphabet.length, foldIn(key ?? [0, 0], restart));
  return { batch, alphabet, start: (restart) => (restart === 0 && given !== undefined ? given : random(restart)) };
}

const summary = ({ logLikelihood, trace, converged }: EmRun): BaumWelchRun => ({
  logLikelihood,
  iterations: trace.length - 1,
  converged,
});

/**
 * Fits a hidden Markov model to sequences by Baum-Welch, the expectation maximization of `P(x, s' | s)` and of the initial
 * distribution, from several random starts; the run with the highest likelihood is returned.
 *
 * Every iteration replaces `T[x][s][s']` by the expected number of such transitions over the expected number of visits to `s`
 * (see {@link expectedTransitions}), so the likelihood never decreases. It may end in a local maximum: compare the likelihoods of
 * the restarts. A state that the data do not visit keeps its row and is reported. Baum, Petrie, Soules and Weiss (1970).
 *
 * @throws InvalidArgumentError if an option or a token is out of range, there are no tokens, or `key` is missing
 * @throws ShapeError if the lengths do not add up to the number of tokens
 * @throws ZeroProbabilityError if `initial` cannot emit a sequence; `position` is within its sequence
 * @throws UnsupportedError if `initial` is not an HMM, the model has more than 2^26 parameters, or the longest sequence does not
 * fit into memory
 * @example
 * ```ts
 * import { createKey, fitBaumWelch, goldenMean, sampleSequences, wordProbability } from "@semifactor/ghmm";
 *
 * const { tokens } = sampleSequences(goldenMean({ p: 0.5 }), { count: 1, length: 500, key: createKey(0) });
 * const fitted = fitBaumWelch({ tokens, states: 2, restarts: 3, key: createKey(1) });
 * expect(fitted.converged).toBe(true);
 * expect(wordProbability(fitted.process, [0, 1, 1])).toBeLessThan(1e-3); // no two ones in a row
 * ```
 */
export function fitBaumWelch(options: BaumWelchOptions): FittedHmm {
  const source = "fitBaumWelch";
  const { maxIterations = 500, tolerance = 1e-7, pseudocount = 0 } = options;
  const { restarts = options.initial === undefined ? 5 : 1 } = options;
  checkInteger(source, "restarts", restarts, 1, 10_000);
  checkInteger(source, "maxIterations", maxIterations, 1, 2 ** 31);
  checkNumber(source, "tolerance", tolerance, 0);
  checkNumber(source, "pseudocount", pseudocount, 0);
  if (pseudocount > 1e100 || (pseudocount > 0 && pseudocount < 1e-100)) {
    // beyond these, sums of counts and logarithms of parameters are no numbers any more
    const remedy = "Give 0, or a number from 1e-100 to 1e100";
    throw new InvalidArgumentError({ source, problem: `pseudocount is ${pseudocount}`, remedy });
  }
  const { batch, alphabet, start } = plan(source, options, restarts);
  const runs: BaumWelchRun[] = [];
  let best: EmRun | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    const run = runExpectationMaximization(source, start(restart), batch, { maxIterations, tolerance, pseudocount });
    if ("sequence" in run) {
      const { sequence, position } = run;
      const token = batch.tokens[(batch.starts[sequence] ?? 0) + position] ?? 0;
      throw impossible(source, { alphabet }, position, token, ` of sequence ${sequence}`);
    }
    runs.push(summary(run));
    if (best === undefined || (run.trace.at(-1) ?? 0) > (best.trace.at(-1) ?? 0)) best = run;
  }
  if (best === undefined) throw new RangeError("no run");
  const { model, trace, deadStates } = best;
  const { stateDim, initial, transitions } = model;
  const area = stateDim * stateDim;
  const process = storeProcess({
    operators: alphabet.map((_, x) => transitions.slice(x * area, (x + 1) * area)),
    initial,
    normalizer: new Float64Array(stateDim).fill(1),
    alphabet,
    certificate: HMM_CERTIFICATE,
  });
  return { process, ...summary(best), trace, deadStates, restarts: runs };
}
