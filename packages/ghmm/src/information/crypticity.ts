import type { Process } from "../process/process.ts";
import { excessEntropy } from "./excess-entropy.ts";
import type { InformationOptions, InformationQuantity } from "./information-quantity.ts";
import { type ComplexityOptions, readComplexityOptions, statisticalComplexity } from "./statistical-complexity.ts";

/**
 * The crypticity `chi_c = C_mu - E >= 0`: what the causal state holds beyond what the future reveals, in bits unless `unit` says nats.
 *
 * The difference of {@link statisticalComplexity} and {@link excessEntropy}. Where `E` is a partial sum, it is a bound from above.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if either is not available
 * @example
 * ```ts
 * import { crypticity, evenOnes, goldenMean } from "@semifactor/ghmm";
 *
 * expect(crypticity(goldenMean({ p: 0.5 })).value).toBeCloseTo(2 / 3, 12);
 * expect(crypticity(evenOnes({ p: 0.5 })).value).toBeCloseTo(0, 12);
 * ```
 * Source: Crutchfield, Ellison and Mahoney, Time's barbed arrow, Physical Review Letters 103 (2009).
 */
export function crypticity(
  process: Process,
  options: InformationOptions & ComplexityOptions = {},
): InformationQuantity {
  readComplexityOptions("crypticity", options);
  const complexity = statisticalComplexity(process, options);
  const excess = excessEntropy(process, options);
  const { unit } = complexity;
  const value = complexity.value - excess.value;
  if (complexity.method === "presentation") {
    const [lower, upper] = [complexity.value - (excess.upper ?? 0), complexity.value - (excess.lower ?? 0)];
    return { value, lower, upper, method: "presentation", unit };
  }
  const { truncation = 0 } = complexity;
  const { length } = excess;
  return { value, method: "truncated-presentation", unit, truncation, ...(length === undefined ? {} : { length }) };
}
