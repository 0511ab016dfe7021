import { type EntropyOptions, type Process, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { checkProcess, unitsPerNat } from "@semifactor/ghmm/internal";
import { checkInteger, checkLength } from "../_internal/checks.ts";

/** Options of {@link tokenInformation}. */
export interface TokenInformationOptions extends EntropyOptions {
  /** Number of tokens of each part, `[|U|, |Y|]`: joint token `(u, y)` is `u * |Y| + y`. */
  readonly tokenSizes: readonly number[];
  /** Length of the longest words. */
  readonly maxLength: number;
}

/** Information between the two parts of the tokens, from {@link tokenInformation}. */
export interface TokenInformation {
  /** `I(U_1:L; Y_1:L)` for `L = 0 .. maxLength`; index is the length, the first is 0. */
  readonly information: Float64Array;
  /** `information[maxLength] - information[maxLength - 1]`: tends to the rate `h_U + h_Y - h_UY`. */
  readonly rate: number;
  /** Block entropies `H(L)` of the first parts, the second parts and the whole tokens, index `L`. */
  readonly blockEntropies: {
    readonly first: Float64Array;
    readonly second: Float64Array;
    readonly joint: Float64Array;
  };
}

interface Word {
  readonly first: number;
  readonly second: number;
  readonly probability: number;
  readonly belief: Float64Array;
}

/** Numbers in the beliefs of all words of one length: 256 MiB. */
const LARGEST_LEVEL = 2 ** 25;

/**
 * Mutual information of the two parts of the tokens, `I(U_1:L; Y_1:L)` for every length up to `maxLength` (construction D7), by
 * enumerating every possible word; in bits unless `unit` says nats.
 *
 * It depends on the word probabilities alone, so no choice of state coordinates changes it (T25): zero at every length exactly
 * when the two streams are independent, and a stationary process is then a product of two (T32).
 *
 * @throws ShapeError if there are not two sizes or they do not multiply to the number of tokens
 * @throws InvalidArgumentError if a size or the length is out of range; UnsupportedError if there are too many words to keep
 * @example
 * ```ts
 * import { families, tokenInformation } from "@semifactor/sfp";
 *
 * const process = families.staticLabels({ alpha: 1, first: [0, 1], second: [0, 1] });
 * const { information } = tokenInformation(process, { tokenSizes: [2, 2], maxLength: 2 });
 * expect(Array.from(information)).toEqual([0, 1, 1].map((bits) => expect.closeTo(bits, 14)));
 * ```
 */
export function tokenInformation(process: Process, options: TokenInformationOptions): TokenInformation {
  const source = "tokenInformation";
  checkProcess(source, "process", process);
  const { tokenSizes, maxLength, unit = "bits" } = options;
  const scale = unitsPerNat(source, unit);
  checkInteger(source, "maxLength", maxLength, 1, 50);
  checkLength(source, "tokenSizes", tokenSizes, 2);
  const [sizeU = 0, sizeY = 0] = tokenSizes;
  checkInteger(source, "tokenSizes[0]", sizeU, 1, process.alphabet.length);
  checkInteger(source, "tokenSizes[1]", sizeY, 1, process.alphabet.length);
  if (sizeU * sizeY !== process.alphabet.length) {
    throw new ShapeError({
      source,
      problem: `tokenSizes [${sizeU}, ${sizeY}] multiply to ${sizeU * sizeY} and there are ${process.alphabet.length} tokens`,
      remedy: "Give the number of tokens of each part",
    });
  }
  // words of each part are numbered in base |U| and |Y|
  checkInteger(
    source,
    "the number of words of a part",
    Math.max(sizeU, sizeY) ** maxLength,
    1,
    Number.MAX_SAFE_INTEGER,
  );
  const curve = () => new Float64Array(maxLength + 1);
  const [first, second, joint, information] = [curve(), curve(), curve(), curve()];
  let level: readonly Word[] = [{ first: 0, second: 0, probability: 1, belief: process.initial }];
  for (let length = 1; length <= maxLength; length++) {
    level = extended(process, level, sizeU, sizeY);
    const [lawU, lawY] = [new Map<number, number>(), new Map<number, number>()];
    for (const word of level) {
      lawU.set(word.first, (lawU.get(word.first) ?? 0) + word.probability);
      lawY.set(word.second, (lawY.get(word.second) ?? 0) + word.probability);
    }
    first[length] = entropyOf(lawU.values()) * scale;
    second[length] = entropyOf(lawY.values()) * scale;
    joint[length] = entropyOf(level.map(({ probability }) => probability)) * scale;
    information[length] = Math.max(0, (first[length] ?? 0) + (second[length] ?? 0) - (joint[length] ?? 0));
  }
  const rate = (information[maxLength] ?? 0) - (information[maxLength - 1] ?? 0);
  return { information, rate, blockEntropies: { first, second, joint } };
}

/** Every possible word with one more token. */
function extended(process: Process, level: readonly Word[], sizeU: number, sizeY: number): readonly Word[] {
  const next: Word[] = [];
  for (const { first, second, probability, belief } of level) {
    for (let token = 0; token < process.alphabet.length; token++) {
      const state = new Float64Array(process.stateDim);
      const conditional = process.step(belief, token, state);
      if (!(conditional > 0)) continue;
      next.push({
        first: first * sizeU + Math.floor(token / sizeY),
        second: second * sizeY + (token % sizeY),
        probability: probability * conditional,
        belief: state,
      });
      if (next.length * process.stateDim <= LARGEST_LEVEL) continue;
      throw new UnsupportedError({
        source: "tokenInformation",
        problem: `more than ${next.length - 1} words of one length are possible`,
        remedy: "Give a smaller maxLength",
      });
    }
  }
  return next;
}

/** Entropy in nats. */
function entropyOf(law: Iterable<number>): number {
  let entropy = 0;
  for (const p of law) if (p > 0) entropy -= p * Math.log(p);
  return entropy;
}
