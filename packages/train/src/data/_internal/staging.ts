import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import type { TransformerConfig } from "../../model/config.ts";
import type { Batch } from "../batch-source.ts";

/** Reused arrays in the form that a plan takes. */
export interface Staging {
  /** `[rows]` inputs. */
  readonly tokens: Int32Array;
  /** `[rows]`, -1 where the loss does not count. */
  readonly targets: Int32Array;
  /** `[rows]`: 1 / (number of counted targets), or 0; in float64, so that the reference engine gets the exact quotient. */
  readonly weights: Float64Array;
  /** Splits a batch into inputs, targets and loss weights; returns the number of counted targets. */
  split(batch: Batch): number;
}

function checkToken(source: string, token: number, limit: number, what: string, index: number): void {
  if (Number.isInteger(token) && token >= 0 && token < limit) return;
  throw new InvalidArgumentError({
    source,
    problem: `${what} ${token} at index ${index}`,
    remedy: `Give tokens from 0 to ${limit - 1}`,
  });
}

/** Throws unless every token is an integer from 0 to `limit` - 1. */
export function checkTokens(source: string, tokens: ArrayLike<number>, limit: number, what = "token"): void {
  for (let i = 0; i < tokens.length; i++) checkToken(source, tokens[i] ?? Number.NaN, limit, what, i);
}

/** Allocates the arrays for batches of one shape. */
export function createStaging(
  source: string,
  config: TransformerConfig,
  { batch, length }: { readonly batch: number; readonly length: number },
): Staging {
  const rows = batch * length;
  const tokens = new Int32Array(rows);
  const targets = new Int32Array(rows);
  const weights = new Float64Array(rows);
  return {
    tokens,
    targets,
    weights,
    split({ tokens: sequences, lossMask }) {
      checkList(source, "tokens of a batch", sequences);
      if (sequences.length !== batch * (length + 1)) {
        throw new ShapeError({
          source,
          problem: `a batch has ${sequences.length} tokens`,
          remedy: `Give [${batch}, ${length + 1}]: ${batch * (length + 1)} of them`,
        });
      }
      if (lossMask !== undefined && lossMask.length !== rows) {
        throw new ShapeError({
          source,
          problem: `a loss mask has ${lossMask.length} entries`,
          remedy: `Give [${batch}, ${length}]: ${rows} of them`,
        });
      }
      let counted = 0;
      for (let r = 0; r < rows; r++) {
        const index = r + Math.floor(r / length);
        const token = sequences[index] ?? Number.NaN;
        checkToken(source, token, config.vocabularySize, "token", index);
        tokens[r] = token;
        targets[r] = -1;
        if (lossMask !== undefined && lossMask[r] === 0) continue;
        const target = sequences[index + 1] ?? Number.NaN;
        checkToken(source, target, config.outputSize, "target", index + 1);
        targets[r] = target;
        counted++;
      }
      for (let r = 0; r < rows; r++) weights[r] = (targets[r] ?? -1) < 0 ? 0 : 1 / counted;
      return counted;
    },
  };
}
