import { observableCoordinates } from "../equivalence/observable-coordinates.ts";
import { BeliefSet } from "../presentation/belief-set.ts";
import type { Process } from "../process/process.ts";

/** A belief and the probability of the words that lead to it. */
export interface WeightedBelief {
  readonly belief: Float64Array;
  readonly weight: number;
}

/**
 * The distinct beliefs at one depth of the mixed-state tree, each with the probability of the words that lead to it.
 *
 * Beliefs that give all futures the same probabilities, within `tolerance`, are merged: the first one stands for all.
 */
export class BeliefLevel {
  readonly #coordinates: ReturnType<typeof observableCoordinates>;
  readonly #known: BeliefSet;
  readonly #beliefs: Float64Array[] = [];
  readonly #weights: number[] = [];

  constructor(process: Process, tolerance: number) {
    this.#coordinates = observableCoordinates(process);
    this.#known = new BeliefSet(this.#coordinates.dimension, tolerance);
  }

  /** Number of distinct beliefs. */
  get size(): number {
    return this.#weights.length;
  }

  /** Adds `weight` to the belief, which is copied when it is new. */
  add(belief: Float64Array, weight: number): void {
    const point = this.#coordinates.of(belief);
    const { index } = this.#known.nearest(point);
    if (index >= 0) {
      this.#weights[index] = (this.#weights[index] ?? 0) + weight;
      return;
    }
    const copy = belief.slice();
    this.#known.add(point === belief ? copy : point);
    this.#beliefs.push(copy);
    this.#weights.push(weight);
  }

  /** Every distinct belief with its probability, in order of first appearance. */
  *entries(): Generator<WeightedBelief> {
    for (const [i, belief] of this.#beliefs.entries()) yield { belief, weight: this.#weights[i] ?? 0 };
  }

  /** The mean of a function of the belief. */
  mean(value: (belief: Float64Array) => number): number {
    let sum = 0;
    for (const [i, belief] of this.#beliefs.entries()) sum += (this.#weights[i] ?? 0) * value(belief);
    return sum;
  }
}

/**
 * The distinct beliefs after 0, 1, 2, ... tokens, from a start that may be a mixture; ends before a level of more than
 * `maxStates` beliefs. A level is made when it is asked for.
 *
 * @param tokens - the tokens that are followed, all by default
 */
export function* beliefLevels(
  process: Process,
  start: readonly WeightedBelief[],
  maxStates: number,
  tolerance: number,
  tokens: readonly number[] = process.alphabet.map((_, token) => token),
): Generator<BeliefLevel, void> {
  let level = new BeliefLevel(process, tolerance);
  for (const { belief, weight } of start) if (weight > 0) level.add(belief, weight);
  const next = new Float64Array(process.stateDim);
  while (level.size <= maxStates) {
    yield level;
    const children = new BeliefLevel(process, tolerance);
    for (const { belief, weight } of level.entries()) {
      for (const token of tokens) {
        const probability = process.step(belief, token, next);
        if (probability > 0) children.add(next, weight * probability);
      }
      if (children.size > maxStates) return;
    }
    level = children;
  }
}
