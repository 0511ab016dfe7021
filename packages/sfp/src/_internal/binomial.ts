/** Binomial coefficient C(n, k) by the multiplicative formula; exact while it is below 2^53. */
export function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = Math.round((value * (n - k + i)) / i);
  return value;
}
