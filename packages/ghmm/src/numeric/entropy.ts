import { InvalidArgumentError, NotNormalizedError, ShapeError } from "./errors.ts";

/** Unit of an entropy: base-2 (`bits`, the default for entropies) or natural logarithm (`nats`, the default for losses). */
export type EntropyUnit = "bits" | "nats";

/** Options of the entropy functions. */
export interface EntropyOptions {
  /** `"bits"` by default. */
  readonly unit?: EntropyUnit;
}

/** How many of `unit` one nat is worth. */
export function unitsPerNat(source: string, unit: EntropyUnit): number {
  if (unit === "bits") return Math.LOG2E;
  if (unit === "nats") return 1;
  throw new InvalidArgumentError({ source, problem: `unit is ${String(unit)}`, remedy: 'Give "bits" or "nats"' });
}

function probability(source: string, name: string, p: ArrayLike<number>, i: number): number {
  const value = p[i] ?? Number.NaN;
  if (value >= 0 && value <= Number.MAX_VALUE) return value;
  throw new InvalidArgumentError({
    source,
    problem: `${name}[${i}] is ${value}`,
    remedy: "Give finite probabilities, none negative",
  });
}

/**
 * Shannon entropy `-sum_i p_i log p_i`, with `0 log 0 = 0`, in bits unless `unit` says nats.
 *
 * @param p - probabilities `[n]`; they are not renormalised
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @example
 * ```ts
 * import { shannonEntropy } from "@semifactor/ghmm";
 *
 * expect(shannonEntropy([0.5, 0.25, 0.25])).toBe(1.5);
 * expect(shannonEntropy([0.5, 0.5], { unit: "nats" })).toBeCloseTo(Math.LN2, 14);
 * ```
 */
export function shannonEntropy(p: ArrayLike<number>, options: EntropyOptions = {}): number {
  const scale = unitsPerNat("shannonEntropy", options.unit ?? "bits");
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const value = probability("shannonEntropy", "p", p, i);
    if (value > 0) sum -= value * (scale === 1 ? Math.log(value) : Math.log2(value));
  }
  return sum;
}

function checkTotal(name: string, total: number): void {
  if (Math.abs(total - 1) <= 1e-9) return;
  throw new NotNormalizedError({
    source: "klDivergence",
    problem: `${name} sums to ${total}`,
    remedy: "Divide it by that",
  });
}

/**
 * Kullback-Leibler divergence `D(p || q) = sum_i p_i log(p_i / q_i)`, in bits unless `unit` says nats.
 *
 * Infinite if `q` gives probability zero to something that `p` does not.
 *
 * @param p - probabilities `[n]`
 * @param q - probabilities `[n]`
 * @throws ShapeError if the lengths differ
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @throws NotNormalizedError if `p` or `q` does not sum to one: the result could be negative
 * @example
 * ```ts
 * import { klDivergence } from "@semifactor/ghmm";
 *
 * expect(klDivergence([1, 0], [0.5, 0.5])).toBe(1);
 * expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Infinity);
 * ```
 */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>, options: EntropyOptions = {}): number {
  const scale = unitsPerNat("klDivergence", options.unit ?? "bits");
  if (p.length !== q.length) {
    throw new ShapeError({
      source: "klDivergence",
      problem: `p has ${p.length} entries and q has ${q.length}`,
      remedy: "Give distributions over the same outcomes",
    });
  }
  let sum = 0;
  let [totalP, totalQ] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [probability("klDivergence", "p", p, i), probability("klDivergence", "q", q, i)];
    totalP += a;
    totalQ += b;
    if (a === 0) continue;
    const ratio = a / b;
    // the quotient of positive numbers can overflow, and their logarithms cannot
    sum += a * (ratio < Number.POSITIVE_INFINITY ? Math.log(ratio) : Math.log(a) - Math.log(b));
  }
  checkTotal("p", totalP);
  checkTotal("q", totalQ);
  return sum * scale;
}
