import { InvalidArgumentError } from "../numeric/errors.ts";

/** What {@link layoutTokens} takes beside the body. */
export interface TokenLayout {
  /** Length of the row. */
  readonly length: number;
  /** Token before the body, if any. */
  readonly bos?: number;
  /** Token after the body, if any. */
  readonly eos?: number;
  /** Token that fills the rest of the row; needed only where there is a rest. */
  readonly pad?: number;
}

/**
 * A row of tokens `[BOS, body, EOS, PAD, ..., PAD]`, as a model is trained on it.
 *
 * @param body - tokens `[n]`
 * @returns `[length]`
 * @throws InvalidArgumentError if a token is not a non-negative integer, the row is too short, or there is a rest and no `pad`
 * @example
 * ```ts
 * import { layoutTokens } from "@semifactor/ghmm";
 *
 * const row = layoutTokens([5, 2, 8], { length: 7, bos: 99, eos: 100, pad: 101 });
 * expect(Array.from(row)).toEqual([99, 5, 2, 8, 100, 101, 101]);
 * ```
 */
export function layoutTokens(body: ArrayLike<number>, layout: TokenLayout): Int32Array {
  const { length, bos, eos, pad } = layout;
  const refuse = (problem: string, remedy: string) =>
    new InvalidArgumentError({ source: "layoutTokens", problem, remedy });
  if (!(Number.isInteger(length) && length >= 0 && length <= 2 ** 28)) {
    throw refuse(`length is ${length}`, `Give an integer from 0 to ${2 ** 28}`);
  }
  const needed = body.length + (bos === undefined ? 0 : 1) + (eos === undefined ? 0 : 1);
  if (needed > length) throw refuse(`${needed} tokens do not fit into a row of ${length}`, "Give a longer row");
  if (needed < length && pad === undefined) {
    throw refuse(`${needed} tokens leave ${length - needed} places free`, "Pass pad, the token that fills them");
  }
  const row = new Int32Array(length).fill(pad ?? 0);
  const start = bos === undefined ? 0 : 1;
  if (bos !== undefined) row[0] = bos;
  for (let t = 0; t < body.length; t++) row[start + t] = body[t] ?? Number.NaN;
  if (eos !== undefined) row[needed - 1] = eos;
  const check = (name: string, token: number | undefined): void => {
    if (token === undefined || (Number.isInteger(token) && token >= 0 && token < 2 ** 31)) return;
    throw refuse(`${name} is ${token}`, "Give tokens as non-negative integers");
  };
  check("bos", bos);
  check("eos", eos);
  check("pad", pad);
  for (let t = 0; t < body.length; t++) check(`the token at position ${t}`, body[t] ?? Number.NaN);
  return row;
}
