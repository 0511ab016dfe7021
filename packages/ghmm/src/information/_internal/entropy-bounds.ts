import { emissionVectors } from "../../belief/update.ts";
import { dot } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { beliefLevels, type WeightedBelief } from "../belief-level.ts";
import { hiddenModel } from "./hidden-model.ts";
import { nextTokenEntropy } from "./next-token-entropy.ts";
import { resetTokens } from "./reset-tokens.ts";
import { stationaryPart } from "./stationary-part.ts";

/** Beliefs merged in a bound are equal up to rounding. */
export const ROUNDING = 1e-12;
/** Levels without a visible change after which a monotone sequence counts as having arrived. */
const QUIET_LEVELS = 8;
/** Smallest visible change, in nats. */
const VISIBLE = 1e-15;

/** Bounds of an entropy rate in nats. */
export interface EntropyBounds {
  readonly lower: number;
  readonly upper: number;
  /** What the lower bound is made of. */
  readonly lowerFrom: "hidden-states" | "reset-tokens" | "zero";
  /** Block length `L` of the upper bound `h(L)`. */
  readonly length: number;
}

/** Where bounds stop: at block length `maxLength`, at `maxStates` beliefs in a level, or when they are `width` (nats) apart. */
export interface BoundLimits {
  readonly maxLength: number;
  readonly maxStates: number;
  readonly width: number;
}

/** A monotone sequence of conditional entropies, one for each level. */
class Approach {
  value: number;
  length = 0;
  done = false;
  #quiet = 0;
  readonly #levels: ReturnType<typeof beliefLevels>;
  readonly #entropyOf: (belief: Float64Array) => number;
  readonly #better: (a: number, b: number) => number;

  constructor(process: Process, start: readonly WeightedBelief[], maxStates: number, direction: "falling" | "rising") {
    this.#levels = beliefLevels(process, start, maxStates, ROUNDING);
    this.#entropyOf = nextTokenEntropy(process);
    this.#better = direction === "falling" ? Math.min : Math.max;
    this.value = direction === "falling" ? Math.log(process.alphabet.length) : 0;
  }

  advance(maxLength: number): void {
    const level = this.done || this.length >= maxLength ? undefined : this.#levels.next().value;
    if (level === undefined) {
      this.done = true;
      return;
    }
    this.length++;
    const before = this.value;
    this.value = this.#better(before, level.mean(this.#entropyOf));
    this.#quiet = Math.abs(this.value - before) < VISIBLE ? this.#quiet + 1 : 0;
    if (this.#quiet >= QUIET_LEVELS) this.done = true;
  }
}

/**
 * Bounds from the last reset token in the past: with `r_x` the stationary probability of a reset token `x`, the belief now is that
 * after a word `h` of other tokens from the reset with probability `r_x P(h | reset)`. What such words up to some length leave over
 * has an entropy between 0 and that of a uniform token.
 */
function resetBounds(process: Process, stationary: Float64Array, limits: BoundLimits): readonly [number, number] {
  const uniform = Math.log(process.alphabet.length);
  const resets = resetTokens(process);
  const others = process.alphabet.map((_, token) => token).filter((token) => !resets.has(token));
  const emission = emissionVectors(process);
  const start = Array.from(resets, ([token, belief]) => ({ belief, weight: dot(stationary, emission[token] ?? []) }));
  if (start.length === 0) return [0, uniform];
  const entropyOf = nextTokenEntropy(process);
  let [sum, rest, length] = [0, 1, 0];
  for (const level of beliefLevels(process, start, limits.maxStates, ROUNDING, others)) {
    sum += level.mean(entropyOf);
    rest = Math.max(0, rest - level.mean(() => 1));
    if (rest * uniform <= limits.width || rest < ROUNDING || ++length >= limits.maxLength) break;
  }
  return [sum, sum + rest * uniform];
}

/**
 * `H[X_L | X_1 .. X_{L-1}, S_0] <= h_mu <= H[X_L | X_1 .. X_{L-1}]` for growing `L`, from the time average of the initial state; the
 * lower bound is 0 where no hidden states are known. Reset tokens give further bounds, of either side.
 */
export function entropyRateBounds(source: string, process: Process, limits: BoundLimits): EntropyBounds {
  const hidden = hiddenModel(process);
  const model = hidden ?? process;
  const stationary = stationaryPart(source, model);
  const above = new Approach(model, [{ belief: stationary, weight: 1 }], limits.maxStates, "falling");
  const below = fromHiddenStates(hidden, stationary, limits) ?? above;
  while (!(above.done && below.done) && (below === above || above.value - below.value > limits.width)) {
    above.advance(limits.maxLength);
    if (below !== above) below.advance(limits.maxLength);
  }
  const [resetLower, resetUpper] = resetBounds(model, stationary, limits);
  const upper = Math.min(above.value, resetUpper);
  const known = below === above ? 0 : below.value;
  const lowerFrom = resetLower > known ? "reset-tokens" : hidden === undefined ? "zero" : "hidden-states";
  return { lower: Math.min(Math.max(known, resetLower), upper), upper, lowerFrom, length: above.length };
}

/** The sequence `H[X_L | X_1 .. X_{L-1}, S_0]` of an HMM, where there is one. */
function fromHiddenStates(
  hidden: Process | undefined,
  stationary: Float64Array,
  { maxStates }: BoundLimits,
): Approach | undefined {
  if (hidden === undefined) return undefined;
  const states = Array.from(stationary, (weight, s) => ({
    belief: stationary.map((_, i) => (i === s ? 1 : 0)),
    weight,
  }));
  return new Approach(hidden, states, maxStates, "rising");
}

/** The best lower bound of the entropy rate of an HMM within the limits, in nats. */
export function lowerEntropyRate(source: string, hidden: Process, limits: BoundLimits): number {
  const stationary = stationaryPart(source, hidden);
  const below = fromHiddenStates(hidden, stationary, limits);
  while (below?.done === false) below.advance(limits.maxLength);
  return Math.max(below?.value ?? 0, resetBounds(hidden, stationary, limits)[0]);
}
