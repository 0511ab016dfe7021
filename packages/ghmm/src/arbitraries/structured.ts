import fc from "fast-check";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { stationaryState } from "../process/stationary.ts";
import { type HmmArbitraryOptions, hmm } from "./processes.ts";

const weight = fc.double({ min: 0.1, max: 1, noNaN: true });

/** One way out of a state: where to, with which token, how likely relative to the others. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly token: number;
  readonly weight: number;
}

/** The HMM with these edges, the weights out of every state divided by their sum; it starts in its stationary state. */
function hmmOfEdges(states: number, tokens: number, edges: readonly Edge[]): Process {
  const totals = new Float64Array(states);
  for (const { from, weight } of edges) totals[from] = (totals[from] ?? 0) + weight;
  const operators = Array.from({ length: tokens }, () =>
    Array.from({ length: states }, () => new Array<number>(states).fill(0)),
  );
  for (const { from, to, token, weight } of edges) {
    const row = operators[token]?.[from];
    if (row !== undefined) row[to] = (row[to] ?? 0) + weight / (totals[from] ?? 1);
  }
  return createHmm({ operators });
}

/**
 * Random sparse hidden Markov models: a cycle through all states and a few edges more, so most words are impossible.
 *
 * @example
 * ```ts
 * import { sparseHmm } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * const edges = (operator: Float64Array) => operator.filter((value) => value > 0).length;
 * fc.assert(
 *   fc.property(sparseHmm(), (process) => {
 *     const total = process.alphabet.reduce((sum, _, x) => sum + edges(process.operator(x)), 0);
 *     expect(total).toBeLessThanOrEqual(2 * process.stateDim);
 *   }),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function sparseHmm(options: HmmArbitraryOptions = {}): fc.Arbitrary<Process> {
  const { maxStates = 5, maxTokens = 3 } = options;
  return fc
    .tuple(fc.integer({ min: 1, max: maxStates }), fc.integer({ min: 1, max: maxTokens }))
    .chain(([states, tokens]) => {
      const state = fc.nat(states - 1);
      const token = fc.nat(tokens - 1);
      const cycle = fc.array(fc.tuple(token, weight), { minLength: states, maxLength: states });
      const extra = fc.array(fc.record({ from: state, to: state, token, weight }), { maxLength: states });
      return fc.tuple(cycle, extra).map(([around, edges]) => {
        const ring = around.map(([token, weight], from) => ({ from, to: (from + 1) % states, token, weight }));
        return hmmOfEdges(states, tokens, [...ring, ...edges]);
      });
    });
}

/** A periodic HMM and its period. */
export interface PeriodicHmm {
  readonly process: Process;
  /** States `s` with equal `s mod period` form a class; every step goes from a class to the next. */
  readonly period: number;
}

/**
 * Random periodic hidden Markov models: classes of states that follow each other in a circle, so that powers of the net operator do
 * not converge and time averages do.
 *
 * @example
 * ```ts
 * import { periodicHmm } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(periodicHmm(), ({ process, period }) => process.stateDim % period === 0), { numRuns: 10 });
 * ```
 */
export function periodicHmm(options: Pick<HmmArbitraryOptions, "maxTokens"> = {}): fc.Arbitrary<PeriodicHmm> {
  const { maxTokens = 3 } = options;
  const sizes = fc.tuple(
    fc.integer({ min: 2, max: 3 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: maxTokens }),
  );
  return sizes.chain(([period, perClass, tokens]) => {
    const states = period * perClass;
    const pairs = Array.from({ length: states * perClass }, (_, i) => {
      const from = i % states;
      return { from, to: ((from + 1) % period) + period * Math.floor(i / states) };
    });
    const labels = fc.array(fc.tuple(fc.nat(tokens - 1), weight), { minLength: pairs.length, maxLength: pairs.length });
    return labels.map((drawn) => {
      const edges = pairs.map((pair, i) => ({ ...pair, token: drawn[i]?.[0] ?? 0, weight: drawn[i]?.[1] ?? 1 }));
      return { process: hmmOfEdges(states, tokens, edges), period };
    });
  });
}

/** A non-ergodic HMM and what it is a mixture of. */
export interface NonErgodicHmm {
  /** Block-diagonal; starts in `sum_k weights[k] pi_k`. */
  readonly process: Process;
  readonly components: readonly Process[];
  readonly weights: readonly number[];
}

/** `T^x` of the components along the diagonal; a component without token `x` has zeros there. */
function directSum(components: readonly Process[], weights: readonly number[]): Process {
  const tokens = Math.max(...components.map(({ alphabet }) => alphabet.length));
  const states = components.reduce((sum, { stateDim }) => sum + stateDim, 0);
  const operators = Array.from({ length: tokens }, () =>
    Array.from({ length: states }, () => new Float64Array(states)),
  );
  const initial = new Float64Array(states);
  let start = 0;
  components.forEach((component, k) => {
    const d = component.stateDim;
    component.alphabet.forEach((_, x) => {
      const operator = component.operator(x);
      for (let s = 0; s < d; s++) operators[x]?.[start + s]?.set(operator.subarray(s * d, (s + 1) * d), start);
    });
    initial.set(
      stationaryState(component).map((value) => value * (weights[k] ?? 0)),
      start,
    );
    start += d;
  });
  return createHmm({ operators, initial });
}

/**
 * Random mixtures of two or three hidden Markov models: stationary and not ergodic, with one stationary state per block.
 *
 * @example
 * ```ts
 * import { NonUniqueStationaryStateError, stationaryState } from "@semifactor/ghmm";
 * import { nonErgodicHmm } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(nonErgodicHmm(), ({ process }) => {
 *     expect(() => stationaryState(process)).toThrow(NonUniqueStationaryStateError);
 *   }),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function nonErgodicHmm(options: HmmArbitraryOptions = {}): fc.Arbitrary<NonErgodicHmm> {
  const { maxStates = 3, maxTokens = 3 } = options;
  const part = fc.tuple(hmm({ maxStates, maxTokens }), weight);
  return fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => {
    const total = parts.reduce((sum, [, value]) => sum + value, 0);
    const components = parts.map(([component]) => component);
    const weights = parts.map(([, value]) => value / total);
    return { process: directSum(components, weights), components, weights };
  });
}

/** An HMM and the same process with one state cloned. */
export interface RedundantHmm {
  readonly hmm: Process;
  /** `hmm` with a clone of `state` as its last state: the same word probabilities with a dimension to spare. */
  readonly redundant: Process;
  readonly state: number;
  /** Share of every probability of reaching `state` that the original keeps; the clone gets the rest. */
  readonly ratio: number;
}

/** Copies the row of `state` and divides its column between the two in a fixed ratio. */
function cloneState(process: Process, state: number, ratio: number): Process {
  const d = process.stateDim;
  const divide = (row: Float64Array): number[] => {
    const value = row[state] ?? 0;
    return [...Array.from(row, (entry, s) => (s === state ? value * ratio : entry)), value * (1 - ratio)];
  };
  return createHmm({
    operators: process.alphabet.map((_, x) => {
      const operator = process.operator(x);
      const rows = Array.from({ length: d }, (_, s) => divide(operator.subarray(s * d, (s + 1) * d)));
      return [...rows, rows[state] ?? []];
    }),
    initial: divide(process.initial),
  });
}

/**
 * Random hidden Markov models together with a redundant presentation: one state cloned, its column divided in a fixed ratio.
 *
 * The clones cannot be told apart by any word, so minimal dimension and every word probability stay (T5).
 *
 * @example
 * ```ts
 * import { wordProbability } from "@semifactor/ghmm";
 * import { redundantHmm } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(redundantHmm(), ({ hmm, redundant }) => {
 *     expect(wordProbability(redundant, [0, 0])).toBeCloseTo(wordProbability(hmm, [0, 0]), 12);
 *   }),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function redundantHmm(options: HmmArbitraryOptions = {}): fc.Arbitrary<RedundantHmm> {
  return hmm(options).chain((process) =>
    fc
      .tuple(fc.nat(process.stateDim - 1), fc.double({ min: 0.1, max: 0.9, noNaN: true }))
      .map(([state, ratio]) => ({ hmm: process, redundant: cloneState(process, state, ratio), state, ratio })),
  );
}
