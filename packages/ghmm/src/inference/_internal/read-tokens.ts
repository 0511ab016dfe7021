import { tokenAt } from "../../belief/token.ts";
import { allocate } from "../../numeric/allocate.ts";
import { InvalidArgumentError, ShapeError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";
import { checkList } from "../../process/validate.ts";

/** Sequences one after another, with the index of the first token of each. */
export interface ReadBatch {
  readonly tokens: Int32Array;
  readonly lengths: Int32Array;
  /** `[sequences]`. */
  readonly starts: Int32Array;
}

/** Copies tokens after checking each against the alphabet. */
export function readTokens(source: string, process: Pick<Process, "alphabet">, tokens: ArrayLike<number>): Int32Array {
  checkList(source, "the word", tokens);
  const copy = allocate(source, Int32Array, tokens.length);
  for (let i = 0; i < copy.length; i++) copy[i] = tokenAt(source, process, tokens, i);
  return copy;
}

/** Copies and checks tokens with the lengths of their sequences; without lengths, the tokens are one sequence. */
export function readBatch(
  source: string,
  process: Pick<Process, "alphabet">,
  batch: { readonly tokens: ArrayLike<number>; readonly lengths?: ArrayLike<number> | undefined },
): ReadBatch {
  checkList(source, "tokens", batch.tokens);
  if (batch.lengths !== undefined) checkList(source, "lengths", batch.lengths);
  const given = batch.lengths ?? [batch.tokens.length];
  const lengths = new Int32Array(given.length);
  const starts = new Int32Array(given.length);
  let total = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = given[i];
    if (length === undefined || !Number.isInteger(length) || length < 0 || length >= 2 ** 31) {
      throw new InvalidArgumentError({
        source,
        problem: `lengths[${i}] is ${length}`,
        remedy: "Give non-negative integers",
      });
    }
    starts[i] = total;
    lengths[i] = length;
    total += length;
  }
  if (total !== batch.tokens.length) {
    throw new ShapeError({
      source,
      problem: `${batch.tokens.length} tokens for lengths that sum to ${total}`,
      remedy: "Give the tokens of all sequences one after another, and the length of each",
    });
  }
  return { tokens: readTokens(source, process, batch.tokens), lengths, starts };
}
