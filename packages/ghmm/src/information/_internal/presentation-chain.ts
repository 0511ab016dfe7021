import { NotConvergedError, UnsupportedError } from "../../numeric/errors.ts";
import { type MarkovChain, solveMarkovChain } from "../../numeric/markov-chain.ts";
import { dot } from "../../numeric/matrix.ts";
import type { MixedStatePresentation } from "../../presentation/mixed-state-presentation.ts";

/** Most mixed states for which dense linear algebra is used. */
export const LARGEST_CHAIN = 1024;

/** Rounding of the largest entry of a deviation, as a fraction of it. */
const ROUNDING = 1e-15;
/** A sum that is only known to this, as a fraction of itself or of one nat, is refused. */
const LARGEST_ROUNDING = 1e-6;

/** The Markov chain of a complete presentation, and what the closed forms are made of. All entropies in nats. */
export interface PresentationChain {
  /** `|H>`: entropy of the next token after each mixed state, `[n]`. */
  readonly tokenEntropy: Float64Array;
  /** Share of time in each mixed state, `delta_0 P1`, `[n]`. */
  readonly weights: Float64Array;
  /** `(I - W)^D v`, `[n]`. */
  readonly deviation: MarkovChain["deviation"];
}

/** The value of a sum, in nats, and about how far off rounding may have taken it. */
export interface ChainSum {
  readonly value: number;
  readonly rounding: number;
}

/** The transition matrix of a presentation, and the entropies of its tokens. */
export interface PresentationMatrix {
  readonly size: number;
  /** `W`, row-major `[n, n]`. */
  readonly matrix: Float64Array;
  /** `|H>`, `[n]`, in nats. */
  readonly tokenEntropy: Float64Array;
}

/** `W = sum_x W^x`, rows divided by their sums (impossible tokens take up to 1e-12 each), and the entropies of the tokens. */
export function transitionMatrix(
  presentation: Pick<MixedStatePresentation, "states" | "transitions">,
): PresentationMatrix {
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
  const { size, matrix, tokenEntropy } = transitionMatrix(presentation);
  const { timeAverage, deviation } = solveMarkovChain(matrix, size, classes);
  const start = new Float64Array(size);
  start[0] = 1;
  return { tokenEntropy, weights: timeAverage(start), deviation };
}

/** `h_mu = <pi_W|H>` in nats. */
export const chainEntropyRate = (chain: PresentationChain): number => dot(chain.weights, chain.tokenEntropy);

/** Entry 0 of a deviation, whose other entries may be much larger: they cancel in it. */
function atStart(source: string, deviation: Float64Array): ChainSum {
  const value = deviation[0] ?? 0;
  const rounding = ROUNDING * deviation.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
  if (rounding <= LARGEST_ROUNDING * Math.max(1, Math.abs(value))) return { value, rounding };
  throw new NotConvergedError({
    source,
    problem: `the presentation mixes so slowly that rounding changes the sum by about ${rounding} nats`,
    remedy: "Check whether the process nearly falls apart into blocks",
  });
}

/**
 * `E = delta_0 (I - W)^D |H>`.
 *
 * @throws NotConvergedError if the chain mixes too slowly for the digits of a number
 */
export const chainExcessEntropy = (source: string, chain: PresentationChain): ChainSum =>
  atStart(source, chain.deviation(chain.tokenEntropy));

/**
 * `TI = delta_0 ((I - W)^D)^2 |H>`.
 *
 * @throws NotConvergedError if the chain mixes too slowly for the digits of a number
 */
export const chainTransientInformation = (source: string, chain: PresentationChain): ChainSum =>
  atStart(source, chain.deviation(chain.deviation(chain.tokenEntropy)));

/**
 * `sum_L delta_0 W^L |v>` where `<pi_W|v> = 0`, and infinity where it is positive.
 *
 * @throws NotConvergedError if the chain mixes too slowly for the digits of a number
 */
export function chainSum(source: string, chain: PresentationChain, values: Float64Array): ChainSum {
  if (dot(chain.weights, values) > 1e-10) return { value: Number.POSITIVE_INFINITY, rounding: 0 };
  return atStart(source, chain.deviation(values));
}
