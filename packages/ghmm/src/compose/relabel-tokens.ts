import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import type { Certificate, Process } from "../process/process.ts";
import { checkList, readAlphabet } from "../process/validate.ts";
import { withParts } from "../process/with-parts.ts";
import { mixTokens } from "./_internal/mix-tokens.ts";

/** The same operators under other names; a product forgets its factors, whose names the joint names would no longer be made of. */
function rename(process: Process, alphabet: readonly string[]): Process {
  const certificate: Certificate =
    process.certificate.kind === "similar-to-hmm"
      ? { kind: "similar-to-hmm", hmm: rename(process.certificate.hmm, alphabet) }
      : process.certificate;
  const { storage, ...named } = withParts(process, { alphabet: Object.freeze([...alphabet]), certificate });
  return Object.freeze(storage === undefined || storage.kind === "kronecker" ? named : { ...named, storage });
}

/**
 * The same process with other names for its tokens, or with its tokens in another order.
 *
 * @param labels - new names, `[V]`; or the old tokens in their new order, `[V]`: new token `i` is old token `labels[i]`, with its name
 * @throws InvalidArgumentError if a name is empty or repeated, or the order is not a permutation
 * @throws ShapeError if there are not as many labels as tokens
 * @throws UnsupportedError if tokens are reordered and the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, relabelTokens, wordProbability } from "@semifactor/ghmm";
 *
 * const named = relabelTokens(coin({ p: 0.7 }), ["heads", "tails"]);
 * expect(named.alphabet).toEqual(["heads", "tails"]);
 * const swapped = relabelTokens(named, [1, 0]);
 * expect(swapped.alphabet).toEqual(["tails", "heads"]);
 * expect(wordProbability(swapped, [0])).toBeCloseTo(0.3, 14);
 * ```
 */
export function relabelTokens(process: Process, labels: readonly string[] | readonly number[]): Process {
  const source = "relabelTokens";
  const size = process.alphabet.length;
  checkList(source, "labels", labels);
  if (labels.length !== size) {
    throw new ShapeError({
      source,
      problem: `labels has ${labels.length} entries for ${size} tokens`,
      remedy: "Give a name, or an old token, for every token",
    });
  }
  const isName = (label: string | number): label is string => typeof label === "string";
  const given = Array.from<string | number>(labels);
  const names = given.filter(isName);
  if (names.length === size) return rename(process, readAlphabet(source, size, names));
  const order = given as readonly number[];
  order.forEach((token, i) => {
    if (Number.isInteger(token) && token >= 0 && token < size && order.indexOf(token) === i) return;
    throw new InvalidArgumentError({
      source,
      problem: `labels[${i}] is ${JSON.stringify(token)}`,
      remedy: `Give names only, or every token index from 0 to ${size - 1} once`,
    });
  });
  const alphabet = order.map((token) => process.alphabet[token] ?? "");
  return mixTokens(source, process, (from, to) => (order[to] === from ? 1 : 0), alphabet);
}
