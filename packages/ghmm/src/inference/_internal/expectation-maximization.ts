import { IMPOSSIBLE } from "../../process/process.ts";
import { randomBits } from "../../random/draw.ts";
import { type Key, splitKey } from "../../random/key.ts";
import { countTransitions, type ImpossibleAt, smoothingSpace, type TransitionCounts } from "./count-transitions.ts";
import type { HiddenMarkov } from "./hidden-markov.ts";
import type { ReadBatch } from "./read-tokens.ts";

/** A state with fewer expected visits in all sequences together has no estimate of its row. */
const FEWEST_VISITS = 1e-9;
/** Once a model has given the data a positive probability, only underflow is refused: the likelihood cannot fall. */
const UNDERFLOW = 1e-290;

/** When to stop, and what to add to the counts. */
export interface EmOptions {
  readonly maxIterations: number;
  /** Smallest gain of an iteration, in nats per token. */
  readonly tolerance: number;
  readonly pseudocount: number;
}

/** One run of expectation maximization. */
export interface EmRun {
  readonly model: HiddenMarkov;
  /** Objective before each iteration and after the last. */
  readonly trace: Float64Array;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly deadStates: readonly number[];
}

/** `count` positive numbers that sum to one, uniform on the simplex. */
function dirichlet(bits: Uint32Array): Float64Array {
  const exponentials = Float64Array.from(bits, (value) => -Math.log((value + 0.5) / 2 ** 32));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

/** A random HMM whose rows over (token, next state) and initial distribution are uniform on their simplices. */
export function randomModel(stateDim: number, tokens: number, key: Key): HiddenMarkov {
  const [rowKey, initialKey] = splitKey(key) as readonly [Key, Key];
  const width = tokens * stateDim;
  const bits = randomBits(rowKey, width * stateDim);
  const transitions = new Float64Array(bits.length);
  for (let s = 0; s < stateDim; s++) {
    dirichlet(bits.subarray(s * width, (s + 1) * width)).forEach((value, i) => {
      transitions[(Math.floor(i / stateDim) * stateDim + s) * stateDim + (i % stateDim)] = value;
    });
  }
  return { stateDim, tokens, initial: dirichlet(randomBits(initialKey, stateDim)), transitions };
}

/** Expected visits of each state as the source of a transition, `[d]`. */
function visitsOf({ transitions }: TransitionCounts, stateDim: number): Float64Array {
  const visits = new Float64Array(stateDim);
  for (let i = 0; i < transitions.length; i++) {
    const s = Math.floor(i / stateDim) % stateDim;
    visits[s] = (visits[s] ?? 0) + (transitions[i] ?? 0);
  }
  return visits;
}

/** The model of largest expected log-likelihood; a state without visits keeps its row. */
function maximize(model: HiddenMarkov, counts: TransitionCounts, pseudocount: number): HiddenMarkov {
  const { stateDim, tokens } = model;
  const visits = visitsOf(counts, stateDim);
  const transitions = counts.transitions.map((count, i) => {
    const total = visits[Math.floor(i / stateDim) % stateDim] ?? 0;
    if (total <= FEWEST_VISITS && pseudocount === 0) return model.transitions[i] ?? 0;
    return (count + pseudocount) / (total + pseudocount * tokens * stateDim);
  });
  const sequences = counts.starts.reduce((sum, value) => sum + value, 0);
  const initial = counts.starts.map((value) => (value + pseudocount) / (sequences + pseudocount * stateDim));
  return { stateDim, tokens, initial, transitions };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** What the iterations raise: the log-likelihood, plus the log of the prior that pseudocounts stand for. */
function objectiveOf(model: HiddenMarkov, counts: TransitionCounts, pseudocount: number): number {
  const logLikelihood = total(counts.logLikelihoods);
  if (pseudocount === 0) return logLikelihood;
  return logLikelihood + pseudocount * (total(model.transitions.map(Math.log)) + total(model.initial.map(Math.log)));
}

/** Expectation maximization from one model, or the place where that model cannot emit the data. */
export function runExpectationMaximization(
  source: string,
  start: HiddenMarkov,
  batch: ReadBatch,
  { maxIterations, tolerance, pseudocount }: EmOptions,
): EmRun | ImpossibleAt {
  const space = smoothingSpace(source, start.stateDim, batch.lengths);
  const first = countTransitions(source, start, batch, IMPOSSIBLE, space);
  if ("sequence" in first) return first;
  const threshold = tolerance * batch.tokens.length;
  let [model, counts] = [start, first];
  let objective = objectiveOf(model, counts, pseudocount);
  const trace = [objective];
  let converged = false;
  while (!converged && trace.length <= maxIterations) {
    const nextModel = maximize(model, counts, pseudocount);
    const nextCounts = countTransitions(source, nextModel, batch, UNDERFLOW, space);
    if ("sequence" in nextCounts) break;
    const nextObjective = objectiveOf(nextModel, nextCounts, pseudocount);
    const gain = nextObjective - objective;
    // at the maximum, rounding can take back a last bit: then the model before is as good and stays
    converged = Math.abs(gain) <= threshold || (gain < 0 && -gain <= 1e-12 * Math.abs(objective));
    if (gain < 0) break;
    [model, counts, objective] = [nextModel, nextCounts, nextObjective];
    trace.push(objective);
  }
  const deadStates = [...visitsOf(counts, model.stateDim)].flatMap((value, s) => (value <= FEWEST_VISITS ? [s] : []));
  return {
    model,
    trace: Float64Array.from(trace),
    logLikelihood: total(counts.logLikelihoods),
    converged,
    deadStates,
  };
}
