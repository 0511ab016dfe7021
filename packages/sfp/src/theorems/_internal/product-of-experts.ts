import type { Process } from "@semifactor/ghmm";
import { storeProcess } from "@semifactor/ghmm/internal";

/**
 * A product of experts: `P(u, y | b) = P(u | a, y) P(y | u) / Z(b)`, each factor's token chosen given the other's in the same
 * step, divided by what makes the sum one. The first factor has two static states, the second none.
 */
export const productOfExperts: Process = (() => {
  // P(u = 0 | state, y) and P(y = 0 | u)
  const [zero, second] = [
    [
      [0.9, 0.1],
      [0.3, 0.6],
    ],
    [0.7, 0.2],
  ];
  const unnormalized = storeProcess({
    operators: [0, 1, 2, 3].map((token) => {
      const [u, y] = [token >> 1, token & 1];
      const [one = 0, other = 0] = (zero?.[y] ?? []).map((p) => (u === 0 ? p : 1 - p));
      const p = second?.[u] ?? 0;
      const weight = y === 0 ? p : 1 - p;
      return Float64Array.of(one * weight, 0, 0, other * weight);
    }),
    initial: Float64Array.of(1, 0),
    normalizer: Float64Array.of(1, 1),
    alphabet: ["0,0", "0,1", "1,0", "1,1"],
    certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 },
  });
  return {
    ...unnormalized,
    step(belief, token, out) {
      const weights = unnormalized.alphabet.map((_, x) => unnormalized.step(belief, x, new Float64Array(2)));
      return unnormalized.step(belief, token, out) / weights.reduce((sum, weight) => sum + weight, 0);
    },
  };
})();
