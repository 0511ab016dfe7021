/** Offset that keeps simple fractions away from the edges of the rounding grid. */
const OFFSET = (3 - Math.sqrt(5)) / 2;

/**
 * The distinct beliefs at one depth of the mixed-state tree, each with the probability of the words that lead to it.
 *
 * Beliefs in the same cell of a grid of width `tolerance` are merged. Two equal beliefs that rounding put on either side of a
 * cell's edge stay apart, which costs a node and no accuracy.
 */
export class BeliefLevel {
  readonly #stateDim: number;
  readonly #inverse: number;
  readonly #index = new Map<string, number>();
  readonly #beliefs: Float64Array[] = [];
  readonly #weights: number[] = [];

  constructor(stateDim: number, tolerance: number) {
    this.#stateDim = stateDim;
    this.#inverse = 1 / tolerance;
  }

  /** Number of distinct beliefs. */
  get size(): number {
    return this.#weights.length;
  }

  /** Adds `weight` to the belief, which is copied when it is new. */
  add(belief: Float64Array, weight: number): void {
    let cell = "";
    for (let s = 0; s < this.#stateDim; s++) cell += `${Math.floor((belief[s] ?? 0) * this.#inverse + OFFSET)},`;
    const known = this.#index.get(cell);
    if (known === undefined) {
      this.#index.set(cell, this.#weights.length);
      this.#beliefs.push(belief.slice());
      this.#weights.push(weight);
    } else {
      this.#weights[known] = (this.#weights[known] ?? 0) + weight;
    }
  }

  /** Every distinct belief with its probability, in order of first appearance. */
  *entries(): Generator<{ readonly belief: Float64Array; readonly weight: number }> {
    for (const [i, belief] of this.#beliefs.entries()) yield { belief, weight: this.#weights[i] ?? 0 };
  }
}
