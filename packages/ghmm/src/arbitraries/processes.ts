import fc from "fast-check";
import { changeBasis } from "../compose/change-basis.ts";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";

/** Size limits of {@link hmm} and {@link gaugeTransformed}. */
export interface HmmArbitraryOptions {
  /** Most states, 4 by default. */
  readonly maxStates?: number;
  /** Most tokens, 3 by default. */
  readonly maxTokens?: number;
  /** Start in the stationary state (default) or in a random one. */
  readonly stationary?: boolean;
}

/**
 * `count` probabilities, distributed as Dirichlet(1, ..., 1) with its extremes cut off: no probability is below 1/200 of
 * another, so that chains mix and fixed vectors are well conditioned.
 */
function dirichlet(count: number): fc.Arbitrary<readonly number[]> {
  const uniform = fc.double({ min: 0.02, max: 0.98, noNaN: true });
  return fc.array(uniform, { minLength: count, maxLength: count }).map((draws) => {
    const exponentials = draws.map((u) => -Math.log(u));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    return exponentials.map((value) => value / total);
  });
}

/** An HMM of fixed size whose rows over (token, next state) are Dirichlet(1). */
function hmmOfSize(states: number, tokens: number, stationary: boolean): fc.Arbitrary<Process> {
  const rows = fc.array(dirichlet(tokens * states), { minLength: states, maxLength: states });
  return fc.tuple(rows, dirichlet(states)).map(([row, initial]) =>
    createHmm({
      operators: Array.from({ length: tokens }, (_, x) =>
        row.map((probabilities) => probabilities.slice(x * states, (x + 1) * states)),
      ),
      ...(stationary ? {} : { initial }),
    }),
  );
}

/**
 * Random hidden Markov models: every row over (token, next state) is Dirichlet(1) without its extremes, so all words are possible.
 *
 * @example
 * ```ts
 * import { wordProbability } from "@semifactor/ghmm";
 * import { hmm } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(hmm({ maxStates: 3 }), (process) => wordProbability(process, [0]) > 0), { numRuns: 10 });
 * ```
 */
export function hmm(options: HmmArbitraryOptions = {}): fc.Arbitrary<Process> {
  const { maxStates = 4, maxTokens = 3, stationary = true } = options;
  return fc
    .tuple(fc.integer({ min: 1, max: maxStates }), fc.integer({ min: 1, max: maxTokens }))
    .chain(([states, tokens]) => hmmOfSize(states, tokens, stationary));
}

/** An HMM and the same process in other coordinates. */
export interface GaugePair {
  readonly hmm: Process;
  /** The HMM in the basis `basis`: signed operators, certificate `similar-to-hmm`. */
  readonly ghmm: Process;
  /** `S`, `[d][d]`: beliefs of `ghmm` are `b S^-1`. */
  readonly basis: readonly (readonly number[])[];
  /** Condition number of `S`, at most 50. */
  readonly condition: number;
}

const LARGEST_CONDITION = 50;

/** `2 I + uniform(-3/2, 3/2)`, conditioned on a condition number of at most 50 (rounding grows with its square). */
function basisOfSize(states: number): fc.Arbitrary<{ basis: number[][]; condition: number }> {
  const entry = fc.double({ min: -1.5, max: 1.5, noNaN: true });
  const row = fc.array(entry, { minLength: states, maxLength: states });
  return fc
    .array(row, { minLength: states, maxLength: states })
    .map((rows) => rows.map((values, i) => values.map((value, j) => value + (i === j ? 2 : 0))))
    .map((basis) => {
      const { values } = singularValueDecomposition(basis.flat(), [states, states]);
      return { basis, condition: (values[0] ?? 0) / (values[states - 1] ?? 0) };
    })
    .filter(({ condition }) => condition <= LARGEST_CONDITION);
}

/**
 * Random pairs of an HMM and its image under a well-conditioned change of basis: signed GHMMs whose words are known to have
 * non-negative probabilities.
 *
 * @example
 * ```ts
 * import { wordProbability } from "@semifactor/ghmm";
 * import { gaugeTransformed } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(gaugeTransformed(), ({ hmm, ghmm }) => Math.abs(wordProbability(hmm, [0]) - wordProbability(ghmm, [0])) < 1e-9),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function gaugeTransformed(options: HmmArbitraryOptions = {}): fc.Arbitrary<GaugePair> {
  return hmm(options).chain((process) =>
    basisOfSize(process.stateDim).map(({ basis, condition }) => ({
      hmm: process,
      ghmm: changeBasis(process, basis),
      basis,
      condition,
    })),
  );
}

/**
 * Random words over a process' alphabet.
 *
 * @param maxLength - 6 by default
 * @example
 * ```ts
 * import { coin } from "@semifactor/ghmm";
 * import { word } from "@semifactor/ghmm/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(word(coin({ p: 0.5 })), (tokens) => tokens.every((token) => token < 2)), { numRuns: 10 });
 * ```
 */
export function word(process: Process, maxLength = 6): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(process.alphabet.length - 1), { maxLength });
}
