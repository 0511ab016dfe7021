import { foldIn, InvalidArgumentError, type Key, ShapeError } from "@semifactor/ghmm";
import { checkInteger, checkList } from "@semifactor/ghmm/internal";
import { checkGiven } from "../io/_internal/check-given.ts";
import { permutation } from "./_internal/permutation.ts";
import { checkTokens } from "./_internal/staging.ts";
import type { BatchSource } from "./batch-source.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Options of {@link textSource}: one text, or several documents. */
export type TextSourceOptions = TextSourceCommon &
  (
    | { readonly text: string; readonly documents?: never }
    | { readonly documents: readonly string[]; readonly text?: never }
  );

/** What {@link textSource} takes besides the text. */
export interface TextSourceCommon {
  readonly tokenizer: Tokenizer;
  /** Number of inputs (and of targets) per sequence. */
  readonly length: number;
  readonly batchSize: number;
  readonly key: Key;
  /** The token that follows every document: the tokenizer's by default. */
  readonly endOfText?: number;
}

function readTokens(source: string, options: TextSourceOptions): Int32Array {
  const { tokenizer, text, documents, endOfText = tokenizer.endOfText } = options;
  // Before they become integers, which would hide what is none.
  const encode = (one: string | undefined): readonly number[] => {
    checkGiven(source, { [documents === undefined ? "text" : "a document"]: one }, "string");
    const tokens = tokenizer.encode(one ?? "");
    checkTokens(source, tokens, tokenizer.vocabularySize, "the tokenizer gave token");
    return tokens;
  };
  if (documents === undefined) return Int32Array.from(encode(text));
  checkList(source, "documents", documents);
  if (endOfText === undefined) {
    throw new InvalidArgumentError({
      source,
      problem: "the tokenizer names no token that ends a document",
      remedy: "Give endOfText, or join the documents into one text",
    });
  }
  checkInteger(source, "endOfText", endOfText, 0, tokenizer.vocabularySize - 1);
  const encoded = Array.from(documents, encode);
  const tokens = new Int32Array(encoded.reduce((sum, one) => sum + one.length + 1, 0)).fill(endOfText);
  let at = 0;
  for (const one of encoded) {
    tokens.set(one, at);
    at += one.length + 1;
  }
  return tokens;
}

/**
 * Windows of a tokenized text, every one once per epoch in an order drawn for the epoch.
 *
 * Documents are joined, each followed by the end-of-text token. Window w has the `length` + 1 tokens from w length on, so that each token but the first is a target exactly
 * once; what is left at the end and fills no window is not used. Sample s = step batchSize + b is window number s mod n of epoch e = floor(s / n) in the order of
 * `foldIn(key, e)`, with n windows: a batch depends on key and step only, and the last batch of an epoch is filled from the next one.
 *
 * @throws InvalidArgumentError if a size is not a positive integer, documents have no token to end them, or the tokenizer gives tokens that are not below its size
 * @throws ShapeError if the text has no window
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { textSource, type Tokenizer } from "@semifactor/train";
 *
 * const letters: Tokenizer = {
 *   vocabularySize: 27,
 *   endOfText: 26,
 *   encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 97),
 *   decode: (tokens) => String.fromCharCode(...Array.from(tokens, (token) => 97 + token)),
 * };
 * const source = textSource({ documents: ["abc", "de"], tokenizer: letters, length: 3, batchSize: 2, key: createKey(0) });
 * const rows = Array.from(source.batch(5).tokens).join().match(/\d+,\d+,\d+,\d+/g);
 * expect(rows?.sort()).toEqual(["0,1,2,26", "26,3,4,26"]); // abc| and |de|
 * ```
 */
export function textSource(options: TextSourceOptions): BatchSource {
  const source = "textSource";
  checkGiven(source, { options });
  const { tokenizer, length, batchSize, key } = options;
  checkInteger(source, "length", length, 1, 2 ** 31 - 2);
  checkInteger(source, "batchSize", batchSize, 1, 2 ** 31 - 1);
  checkGiven(source, { tokenizer });
  checkGiven(source, { "tokenizer.encode": tokenizer.encode }, "function");
  foldIn(key, 0);
  const tokens = readTokens(source, options);
  const windows = Math.floor((tokens.length - 1) / length);
  if (windows < 1) {
    throw new ShapeError({
      source,
      problem: `the text has ${tokens.length} tokens`,
      remedy: `Give at least length + 1 = ${length + 1} of them`,
    });
  }
  let [epoch, order] = [0, permutation(foldIn(key, 0), windows)];
  const window = (sample: number): number => {
    const wanted = Math.floor(sample / windows);
    if (wanted !== epoch) [epoch, order] = [wanted, permutation(foldIn(key, wanted), windows)];
    return order[sample % windows] ?? 0;
  };
  return {
    vocabularySize: tokenizer.vocabularySize,
    batchSize,
    length,
    batch(step) {
      checkInteger(source, "step", step, 0, 2 ** 32 - 1);
      const batch = new Int32Array(batchSize * (length + 1));
      for (let b = 0; b < batchSize; b++) {
        const first = window(step * batchSize + b) * length;
        batch.set(tokens.subarray(first, first + length + 1), b * (length + 1));
      }
      return { tokens: batch };
    },
  };
}
