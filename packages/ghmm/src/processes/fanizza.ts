import { createGhmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "alpha", range: [-1e6, 1e6], example: 2000, meaning: "angle of the rotation in radians" },
  { name: "lambda", range: [0, 0.5], example: 0.49, meaning: "contraction: how fast runs of token 1 become rare" },
];

/**
 * A four-dimensional process that no finite hidden Markov model generates when `alpha / pi` is irrational: token 0 resets the
 * state, and token 1 turns it by `alpha` and shrinks it by `lambda`.
 *
 * With `R` the rotation by `alpha` and `k` the number of ones between two zeros, `P(k) = lambda^k (1 - cos(k alpha)) / 2` for
 * `k >= 1` and `P(0)` is the rest, which is not negative for `lambda <= 1/2`; so every word has a non-negative probability,
 * though operators and states are signed. `w = (1, 1, 1, 1)`; starts in its stationary state; certificate `unchecked`, since
 * none of the others fits.
 *
 * @throws InvalidArgumentError unless `0 <= lambda <= 1/2` and `alpha` is from -10^6 to 10^6
 * @example
 * ```ts
 * import { fanizza, wordProbability } from "@semifactor/ghmm";
 *
 * const process = fanizza({ alpha: 2000, lambda: 0.49 });
 * const [one, pair] = [wordProbability(process, [0, 1, 0]), wordProbability(process, [0, 1, 1, 0])];
 * expect(one / wordProbability(process, [0])).toBeCloseTo(0.49 * (1 - Math.cos(2000)) / 2, 12);
 * expect(pair / wordProbability(process, [0])).toBeCloseTo(0.49 ** 2 * (1 - Math.cos(4000)) / 2, 12);
 * ```
 *
 * Source: Fanizza, Lumbreras and Winter, "Quantum theory in finite dimension cannot explain every general process with finite
 * memory", Communications in Mathematical Physics 405 (2024).
 */
export function fanizza({ alpha, lambda }: { readonly alpha: number; readonly lambda: number }): Process {
  checkParameters("fanizza", PARAMETERS, { alpha, lambda });
  const [c, s] = [Math.cos(alpha), Math.sin(alpha)];
  const size = 1 - 2 * lambda * c + lambda ** 2;
  const a = (1 - lambda * c + lambda * s) / size;
  const b = (1 - lambda * c - lambda * s) / size;
  const reset = [1 - (2 / (1 - lambda) - a - b) / 4, 1 / (2 * (1 - lambda)), -a / 4, -b / 4];
  const weights = [1, 1 - lambda, 1 + lambda * (s - c), 1 - lambda * (s + c)];
  return createGhmm({
    operators: [
      weights.map((weight) => reset.map((value) => weight * value)),
      [
        [0, 0, 0, 0],
        [0, lambda, 0, 0],
        [0, 0, lambda * c, -lambda * s],
        [0, 0, lambda * s, lambda * c],
      ],
    ],
    normalizer: [1, 1, 1, 1],
  });
}

/** The entry of {@link fanizza} in the list of processes. */
export const fanizzaDescription = description({
  name: "fanizza",
  summary: "A signed process of dimension four that no finite hidden Markov model generates",
  parameters: PARAMETERS,
  alphabet: ["0", "1"],
  states: ["reset", "decay", "cosine", "sine"],
  create: fanizza,
});
