import { recurrentClasses, solveMarkovChain } from "@semifactor/ghmm/internal";
import { type BlockPair, divergence } from "./block-beliefs.ts";

/** Multiplications that an enumeration may take. */
const MOST_WORK = 2e7;

/** What a word costs beside its multiplications. */
const WORK_PER_WORD = 200;

/** The greatest length of which all words are within the work, from 1 to 64. */
function affordable(pair: BlockPair, multiplications: number): number {
  const words = MOST_WORK / (multiplications + WORK_PER_WORD);
  return Math.max(1, Math.min(64, Math.floor(Math.log(words) / Math.log(Math.max(2, pair.tokens)))));
}

/** The mean divergence at each position, in nats, over all words of the first block as far as they can be enumerated. */
export function enumerateDivergences(pair: BlockPair): Float64Array {
  const [n, m] = pair.sizes;
  const length = affordable(pair, 2 * (n * n + m * m));
  const out = new Float64Array(length);
  const laws = Array.from({ length }, () => [new Float64Array(pair.tokens), new Float64Array(pair.tokens)] as const);
  const visit = (state: Float64Array, position: number, probability: number): void => {
    const [p, q] = laws[position] ?? [];
    if (p === undefined || q === undefined) return;
    pair.predict(state, p, q);
    const here = divergence(p, q);
    out[position] = (out[position] ?? 0) + probability * here;
    if (here === Number.POSITIVE_INFINITY) return;
    for (let token = 0; token < pair.tokens; token++) {
      const next = state.slice();
      if (pair.advance(next, token, 0) === 0) continue;
      pair.advance(next, token, 1);
      visit(next, position + 1, probability * (p[token] ?? 0));
    }
  };
  visit(pair.initial, 0, 1);
  // after an infinite position no later one is smaller
  const infinite = out.indexOf(Number.POSITIVE_INFINITY);
  return infinite < 0 ? out : out.fill(Number.POSITIVE_INFINITY, infinite);
}

/** The belief of the first block averaged over the long run. */
function longRunBelief(pair: BlockPair): Float64Array {
  const [n, m] = pair.sizes;
  const net = new Float64Array(n * n);
  const state = new Float64Array(n + m);
  for (let s = 0; s < n; s++) {
    for (let token = 0; token < pair.tokens; token++) {
      state.fill(0);
      state[s] = 1;
      const p = pair.advance(state, token, 0);
      for (let next = 0; next < n; next++) net[s * n + next] = (net[s * n + next] ?? 0) + p * (state[next] ?? 0);
    }
  }
  const steps = Array.from(net, (probability, i) => ({ from: Math.floor(i / n), to: i % n, probability }));
  const { classes } = recurrentClasses(
    new Array<boolean>(n).fill(true),
    steps.filter(({ probability }) => probability > 0),
  );
  return solveMarkovChain(net, n, classes).timeAverage(pair.initial.subarray(0, n));
}

/** A block of a window seen from each of its states: how likely the window so far makes the next token. */
interface Conditioned {
  /** Belief after the window, given the state at its start; in the place of its side of a pair. */
  readonly state: Float64Array;
  /** Probability of the start and the window together; 1 on the second side, whose start is unknown. */
  readonly weight: number;
}

/**
 * Bounds of the long-run divergence of two blocks of an HMM, in nats. The entropy rate of the first lies between the conditional
 * entropies of the last token of a window with and without the state at its start. Its cross entropy to the second lies between
 * the means of `-log max_s P_b(x | window, s)` and `-log min_s P_b(x | window, s)` over the states s of the second at the start of
 * the window: whatever its belief there, its prediction is a mean of these.
 */
export function boundDivergence(pair: BlockPair): { readonly lower: number; readonly upper: number } {
  const [n, m] = pair.sizes;
  const length = affordable(pair, 2 * (n ** 3 + m ** 3));
  const total = { entropy: 0, entropyGivenStart: 0, least: 0, most: 0 };
  const move = (rows: readonly Conditioned[], token: number, side: 0 | 1) =>
    rows.map(({ state, weight }) => {
      const next = state.slice();
      const p = pair.advance(next, token, side);
      return { state: next, weight: side === 0 ? weight * p : weight, p, before: weight };
    });
  const visit = (first: readonly Conditioned[], second: readonly Conditioned[], left: number): void => {
    const before = first.reduce((sum, { weight }) => sum + weight, 0);
    for (let token = 0; token < pair.tokens; token++) {
      const ours = move(first, token, 0).filter(({ p }) => p > 0);
      const joint = ours.reduce((sum, { weight }) => sum + weight, 0);
      if (!(joint > 0)) continue;
      const theirs = move(second, token, 1);
      if (left > 1) {
        visit(
          ours,
          theirs.filter(({ p }) => p > 0),
          left - 1,
        );
        continue;
      }
      const likelihoods = theirs.map(({ p }) => p);
      total.entropy -= joint * Math.log(joint / before);
      for (const { weight, p } of ours) total.entropyGivenStart -= weight * Math.log(p);
      total.least -= joint * Math.log(Math.max(0, ...likelihoods));
      total.most -= joint * Math.log(likelihoods.length === 0 ? 0 : Math.min(...likelihoods));
    }
  };
  const corner = (s: number): Float64Array => Float64Array.from({ length: n + m }, (_, i) => (i === s ? 1 : 0));
  const starts = Array.from(longRunBelief(pair), (weight, s) => ({ state: corner(s), weight }));
  visit(
    starts.filter(({ weight }) => weight > 0),
    Array.from({ length: m }, (_, s) => ({ state: corner(n + s), weight: 1 })),
    length,
  );
  const upper = total.most - total.entropyGivenStart;
  // equal but for rounding, where a window leaves no doubt
  return { lower: Math.min(upper, Math.max(0, total.least - total.entropy)), upper };
}
