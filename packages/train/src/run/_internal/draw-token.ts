/** How the next token is chosen. */
export interface DrawOptions {
  /** Logits are divided by it; 0 takes the largest. */
  readonly temperature: number;
  /** Only so many tokens with the largest logits are possible. */
  readonly topK: number;
}

/** Indices of the `count` largest logits, from the largest down; of equal ones the first. */
function largest(logits: ArrayLike<number>, count: number): readonly number[] {
  const order = Array.from(logits, (_, token) => token);
  if (count >= order.length && count !== 1) return order;
  order.sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  return order.slice(0, count);
}

/**
 * A token with probability proportional to exp(logit / temperature) among the `topK` largest logits: the first one, in the order of the tokens, whose cumulative probability
 * exceeds the draw `place`, from 0 to 1.
 */
export function drawToken(logits: ArrayLike<number>, place: number, { temperature, topK }: DrawOptions): number {
  const candidates = [...largest(logits, temperature === 0 ? 1 : topK)].sort((a, b) => a - b);
  const top = candidates.reduce((max, token) => Math.max(max, logits[token] ?? 0), Number.NEGATIVE_INFINITY);
  const weights = candidates.map((token) =>
    temperature === 0 ? 1 : Math.exp(((logits[token] ?? 0) - top) / temperature),
  );
  let rest = place * weights.reduce((sum, weight) => sum + weight, 0);
  let chosen = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    chosen = candidates[i] ?? 0;
    rest -= weight;
    if (rest < 0) break;
  }
  return chosen;
}
