import { BeliefSet, recurrentClasses, solveMarkovChain } from "@semifactor/ghmm/internal";
import { type BlockPair, divergence } from "./block-beliefs.ts";

interface Step {
  readonly from: number;
  readonly to: number;
  readonly probability: number;
}

/** The pairs of beliefs that the words of the first block lead to, from the initial pair (state 0). */
export interface PairPresentation {
  readonly steps: readonly Step[];
  /** `D(P_a(. | pair) || P_b(. | pair))` in nats, `[states]`. */
  readonly divergences: Float64Array;
}

/** Breadth first, pairs within `tolerance` of each other merged; undefined if there are more than `maxStates`. */
export function presentPair(pair: BlockPair, tolerance: number, maxStates: number): PairPresentation | undefined {
  const set = new BeliefSet(pair.initial.length, tolerance);
  const found: Float64Array[] = [pair.initial.slice()];
  set.add(pair.initial.slice());
  const steps: Step[] = [];
  const divergences: number[] = [];
  const [p, q] = [new Float64Array(pair.tokens), new Float64Array(pair.tokens)];
  for (let from = 0; from < found.length; from++) {
    const state = found[from];
    if (state === undefined) break;
    for (let token = 0; token < pair.tokens; token++) {
      const next = state.slice();
      p[token] = pair.advance(next, token, 0);
      q[token] = pair.advance(next, token, 1);
      // what the other block excludes leads nowhere: the divergence is infinite already
      if (p[token] === 0 || q[token] === 0) continue;
      const near = set.nearest(next).index;
      const to = near >= 0 ? near : set.add(next);
      if (to === found.length) found.push(next);
      if (found.length > maxStates) return undefined;
      steps.push({ from, to, probability: p[token] ?? 0 });
    }
    divergences.push(divergence(p, q));
  }
  return { steps, divergences: Float64Array.from(divergences) };
}

/** The mean of the divergences over the long run: infinite if one is, since every pair can be reached. */
export function longRunDivergence({ steps, divergences }: PairPresentation): number {
  const n = divergences.length;
  if (divergences.includes(Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  const matrix = new Float64Array(n * n);
  for (const { from, to, probability } of steps) matrix[from * n + to] = (matrix[from * n + to] ?? 0) + probability;
  const { classes } = recurrentClasses(new Array<boolean>(n).fill(true), steps);
  return solveMarkovChain(matrix, n, classes).mean(divergences)[0] ?? Number.NaN;
}

/** The mean of the divergences at each position, `[count]`. */
export function divergencesByPosition({ steps, divergences }: PairPresentation, count: number): Float64Array {
  const out = new Float64Array(count);
  let law = new Float64Array(divergences.length);
  law[0] = 1;
  for (let t = 0; t < count; t++) {
    out[t] = law.reduce((sum, weight, i) => (weight === 0 ? sum : sum + weight * (divergences[i] ?? 0)), 0);
    const next = new Float64Array(law.length);
    for (const { from, to, probability } of steps) next[to] = (next[to] ?? 0) + (law[from] ?? 0) * probability;
    law = next;
    // what was infinite stays so
    if (out[t] === Number.POSITIVE_INFINITY) return out.fill(Number.POSITIVE_INFINITY, t);
  }
  return out;
}
