/**
 * `KL(p || q) = sum_e p_e ln(p_e / q_e)` in nats between rows of two `[rows, outcomes]` arrays: `0 ln(0/q) = 0`, and Infinity where `q_e = 0 < p_e`.
 */
export function kullbackLeibler(p: ArrayLike<number>, q: ArrayLike<number>, offset: number, outcomes: number): number {
  let divergence = 0;
  for (let i = offset; i < offset + outcomes; i++) {
    const pi = p[i] ?? 0;
    if (pi === 0) continue;
    const qi = q[i] ?? 0;
    if (qi === 0) return Number.POSITIVE_INFINITY;
    divergence += pi * Math.log(pi / qi);
  }
  return divergence;
}
