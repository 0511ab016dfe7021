import { checkInteger } from "../../numeric/options.ts";
import { checkList, readAlphabet } from "../../process/validate.ts";

const MOST_TOKENS = 2 ** 20;

/** Names of the tokens of a model that is fitted: given, "0", "1", ... up to a given number, or up to the largest token. */
export function readAlphabetOption(
  source: string,
  tokens: ArrayLike<number>,
  alphabet: readonly string[] | number | undefined,
): readonly string[] {
  checkList(source, "tokens", tokens);
  if (typeof alphabet === "object") {
    checkList(source, "alphabet", alphabet);
    checkInteger(source, "alphabet.length", alphabet.length, 1, MOST_TOKENS);
    return readAlphabet(source, alphabet.length, alphabet);
  }
  let size = alphabet ?? 1;
  if (alphabet === undefined) {
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] ?? 0;
      if (token >= size) size = Math.floor(token) + 1;
    }
  }
  checkInteger(source, "alphabet", size, 1, MOST_TOKENS);
  return readAlphabet(source, size);
}
