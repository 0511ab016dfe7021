import { cesaroProjector, timesDrazinInverse } from "../../numeric/drazin.ts";
import { UnsupportedError } from "../../numeric/errors.ts";
import { dot } from "../../numeric/matrix.ts";
import type { MixedStatePresentation } from "../../presentation/mixed-state-presentation.ts";

/** Most mixed states for which dense linear algebra is used. */
export const LARGEST_CHAIN = 1024;

/** The Markov chain of a complete presentation, and what the closed forms are made of. All entropies in nats. */
export interface PresentationChain {
  readonly size: number;
  /** `W`, row-major `[n, n]`. */
  readonly matrix: Float64Array;
  /** `|H>`: entropy of the next token after each mixed state, `[n]`. */
  readonly tokenEntropy: Float64Array;
  /** Share of time in each mixed state, `delta_0 P1`, `[n]`. */
  readonly weights: Float64Array;
  /** `delta_0 (I - W)^D`, `[n]`. */
  readonly first: Float64Array;
  /** `delta_0 ((I - W)^D)^2`, `[n]`. */
  readonly second: Float64Array;
}

/** `W = sum_x W^x`, rows divided by their sums (impossible tokens take up to 1e-12 each), and the entropies of the tokens. */
export function transitionMatrix(
  presentation: Pick<MixedStatePresentation, "states" | "transitions">,
): Pick<PresentationChain, "size" | "matrix" | "tokenEntropy"> {
  const size = presentation.states.length;
  const matrix = new Float64Array(size * size);
  const totals = new Float64Array(size);
  for (const { from, probability } of presentation.transitions) totals[from] = (totals[from] ?? 0) + probability;
  const tokenEntropy = new Float64Array(size);
  for (const { from, to, probability } of presentation.transitions) {
    const p = probability / (totals[from] ?? 1);
    matrix[from * size + to] = (matrix[from * size + to] ?? 0) + p;
    tokenEntropy[from] = (tokenEntropy[from] ?? 0) - p * Math.log(p);
  }
  return { size, matrix, tokenEntropy };
}

/**
 * Solves the chain of a complete presentation once.
 *
 * @throws UnsupportedError if the presentation is truncated or has more than 1024 mixed states
 * @throws NotConvergedError if it mixes too slowly for the digits of a number
 */
export function solveChain(source: string, presentation: MixedStatePresentation): PresentationChain {
  const { states, complete, classes } = presentation;
  if (!complete || states.length > LARGEST_CHAIN) {
    throw new UnsupportedError({
      source,
      problem: complete
        ? `the presentation has ${states.length} mixed states`
        : `the presentation is truncated at ${states.length} mixed states`,
      remedy: complete
        ? `Closed forms are for at most ${LARGEST_CHAIN}: ask for entropyRate, excessEntropy, ... of the process, which bound it`
        : "Raise maxStates, or ask for entropyRate, excessEntropy, ... of the process, which bound it",
    });
  }
  const chain = transitionMatrix(presentation);
  const { size, matrix } = chain;
  const { projector } = cesaroProjector(matrix, size, classes);
  const start = new Float64Array(size);
  start[0] = 1;
  const first = timesDrazinInverse(start, matrix, size, projector);
  const second = timesDrazinInverse(first, matrix, size, projector);
  return { ...chain, weights: projector.slice(0, size), first, second };
}

/** `h_mu = <pi_W|H>` in nats. */
export const chainEntropyRate = (chain: PresentationChain): number => dot(chain.weights, chain.tokenEntropy);

/** `sum_L delta_0 W^L |v>` where `<pi_W|v> = 0`, and infinity where it is positive. */
export function chainSum(chain: PresentationChain, values: Float64Array): number {
  return dot(chain.weights, values) > 1e-10 ? Number.POSITIVE_INFINITY : dot(chain.first, values);
}
