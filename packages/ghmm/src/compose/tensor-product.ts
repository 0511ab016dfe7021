import { UnsupportedError } from "../numeric/errors.ts";
import { kronecker, kroneckerVector } from "../numeric/matrix.ts";
import type { Certificate, Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { readAlphabet } from "../process/validate.ts";

/** Entries of all operators together: a gigabyte. */
const LARGEST_SIZE = 2 ** 27;

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
 * @throws InvalidArgumentError if two pairs of names join to the same name
 * @throws UnsupportedError if the operators of the product have more than 2^27 entries
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
  const source = "tensorProduct";
  const tokens = first.alphabet.length * second.alphabet.length;
  const stateDim = first.stateDim * second.stateDim;
  if (tokens * stateDim ** 2 > LARGEST_SIZE) {
    throw new UnsupportedError({
      source,
      problem: `the product has ${tokens} tokens and ${stateDim} states, ${tokens * stateDim ** 2} entries in all`,
      remedy: `Multiply smaller processes: operators are written out, with at most ${LARGEST_SIZE} entries`,
    });
  }
  const names = first.alphabet.flatMap((u) => second.alphabet.map((y) => `${u},${y}`));
  const seconds = second.alphabet.map((_, y) => second.operator(y));
  const operators = first.alphabet.flatMap((_, u) => {
    const a = first.operator(u);
    return seconds.map((c) => kronecker(a, first.stateDim, c, second.stateDim));
  });
  return storeProcess({
    operators,
    initial: kroneckerVector(first.initial, second.initial),
    normalizer: kroneckerVector(first.normalizer, second.normalizer),
    alphabet: readAlphabet(source, tokens, names),
    certificate: jointCertificate(first.certificate, second.certificate),
  });
}
