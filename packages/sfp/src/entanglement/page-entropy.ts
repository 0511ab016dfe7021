import type { EntropyOptions } from "@semifactor/ghmm";
import { unitsPerNat } from "@semifactor/ghmm/internal";
import { checkInteger } from "../_internal/checks.ts";

const LARGEST_PRODUCT = 2 ** 24;

/**
 * Page entropy: the mean entanglement entropy of a random pure state of two factors, in bits unless `unit` says nats.
 *
 * `sum_{k = n + 1}^{m n} 1 / k - (m - 1) / (2 n)` nats with `m = min(dA, dC)` and `n = max(dA, dC)`; near its bound `log m` when `n` is
 * much larger than `m`. The scale on which to read a Schmidt entropy: what no structure at all would give.
 *
 * @throws InvalidArgumentError if a dimension is not a positive integer or their product is above 2^24
 * @example
 * ```ts
 * import { pageEntropy } from "@semifactor/sfp";
 *
 * expect(pageEntropy(2, 2, { unit: "nats" })).toBeCloseTo(1 / 3 + 1 / 4 - 1 / 4, 14);
 * ```
 *
 * Source: Page, Phys. Rev. Lett. 71, 1291 (1993).
 */
export function pageEntropy(dA: number, dC: number, options: EntropyOptions = {}): number {
  const source = "pageEntropy";
  checkInteger(source, "dA", dA, 1, LARGEST_PRODUCT);
  checkInteger(source, "dC", dC, 1, LARGEST_PRODUCT);
  checkInteger(source, "dA * dC", dA * dC, 1, LARGEST_PRODUCT);
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const [m, n] = [Math.min(dA, dC), Math.max(dA, dC)];
  let sum = (1 - m) / (2 * n);
  for (let k = m * n; k > n; k--) sum += 1 / k;
  return sum * scale;
}
