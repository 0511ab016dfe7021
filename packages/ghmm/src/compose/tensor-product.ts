import { kronecker, kroneckerVector } from "../numeric/matrix.ts";
import type { Certificate, Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";

/** An HMM satisfies every certificate, so the other factor's carries over; two different proofs do not combine. */
function jointCertificate(a: Certificate, b: Certificate): Certificate {
  if (a === "hmm" || a === b) return b;
  return b === "hmm" ? a : "unchecked";
}

/**
 * Two independent processes run side by side as one: `T^(u,y) = A^u (x) C^y`, token `u * |Y| + y`, state `(a, c) -> a * dC + c`.
 *
 * Word probabilities multiply, beliefs are products and entropies add (T9). Token names are joined with a comma.
 *
 * @example
 * ```ts
 * import { coin, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const pair = tensorProduct(zeroOneRandom({ p: 0.5 }), coin({ p: 0.5 }));
 * expect(pair.alphabet).toEqual(["0,0", "0,1", "1,0", "1,1"]);
 * expect(pair.stateDim).toBe(3);
 * ```
 */
export function tensorProduct(first: Process, second: Process): Process {
  const seconds = second.alphabet.map((_, y) => second.operator(y));
  const operators = first.alphabet.flatMap((_, u) => {
    const a = first.operator(u);
    return seconds.map((c) => kronecker(a, first.stateDim, c, second.stateDim));
  });
  return storeProcess({
    operators,
    initial: kroneckerVector(first.initial, second.initial),
    normalizer: kroneckerVector(first.normalizer, second.normalizer),
    alphabet: first.alphabet.flatMap((u) => second.alphabet.map((y) => `${u},${y}`)),
    certificate: jointCertificate(first.certificate, second.certificate),
  });
}
