import { InvalidArgumentError, ShapeError, ZeroProbabilityError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";

/** The token at `position` of a word, checked against the alphabet. */
export function tokenAt(
  source: string,
  process: Pick<Process, "alphabet">,
  word: ArrayLike<number>,
  position: number,
): number {
  const token = word[position];
  if (token !== undefined && Number.isInteger(token) && token >= 0 && token < process.alphabet.length) return token;
  throw new InvalidArgumentError({
    source,
    problem: `the token at position ${position} is ${token}`,
    remedy: `Give token indices from 0 to ${process.alphabet.length - 1}`,
  });
}

/** The error of a word that ends at an impossible token; `where` follows the position in the message. */
export function impossible(
  source: string,
  process: Pick<Process, "alphabet">,
  position: number,
  token: number,
  where = "",
): ZeroProbabilityError {
  return new ZeroProbabilityError({
    source,
    problem: `token ${token} ("${process.alphabet[token]}") at position ${position}${where} has probability zero, so no belief follows it`,
    remedy: "Condition on words the process can emit; wordProbability tells which",
    position,
    token,
  });
}

/** How far below zero rounding may take a probability in a belief of an HMM. */
const ROUNDING = 1e-9;

/** A belief as the caller gave it, scaled to `b . w = 1`; in an HMM, where it is a distribution, without negative entries. */
export function readBelief(source: string, process: Process, belief: ArrayLike<number>): Float64Array {
  if (belief.length !== process.stateDim) {
    throw new ShapeError({
      source,
      problem: `the belief has ${belief.length} entries for ${process.stateDim} states`,
      remedy: `Give ${process.stateDim} numbers`,
    });
  }
  const copy = Float64Array.from(belief);
  const norm = dot(copy, process.normalizer);
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError({
      source,
      problem: `belief . normalizer is ${norm}`,
      remedy: "Give finite numbers whose product with the normalizer is positive",
    });
  }
  if (process.certificate.kind === "hmm") {
    const negative = copy.findIndex((value) => value < -ROUNDING * norm);
    if (negative !== -1) {
      throw new InvalidArgumentError({
        source,
        problem: `entry ${negative} of the belief is ${copy[negative]}`,
        remedy: "Give a distribution over the hidden states, without negative entries",
      });
    }
  }
  return copy.map((value) => value / norm);
}
