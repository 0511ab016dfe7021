import type { EntropyOptions, TokenBatch } from "@semifactor/ghmm";
import { allocate, checkBatch, impossible, tokenAt, unitsPerNat } from "@semifactor/ghmm/internal";
import { checkObject } from "../_internal/checks.ts";
import { advanceBlock, blockOperators, initialBlocks } from "./_internal/block-operators.ts";
import { readPair } from "./_internal/block-pair.ts";
import type { SemiFactoredProcess } from "./semi-factored.ts";

/** Options of {@link blockLogOdds}. */
export interface BlockLogOddsOptions extends EntropyOptions {
  /** Two blocks `[a, b]`, both with positive weight at the start. */
  readonly blocks: readonly [number, number];
}

/** What {@link blockLogOdds} returns. */
export interface BlockLogOdds {
  /** `log(omega_a / omega_b)` before token `t` at `[i, t]` and after the last at `[i, length]`; row-major `[count, length + 1]`. */
  readonly logOdds: Float64Array;
  readonly count: number;
  readonly length: number;
}

/**
 * Log odds of two blocks along every sequence of a batch: they start at `log(omega_a / omega_b)` and each token x adds its log-likelihood
 * ratio `log(P_a(x | b_a) / P_b(x | b_b))` (T15 vi), in bits unless `unit` says nats.
 *
 * Nothing can underflow, however long the evidence. A token that is impossible in one of the two blocks makes the log odds infinite for
 * the rest of its sequence. The other blocks of the process play no part.
 *
 * @throws InvalidArgumentError if the blocks are not two different ones with positive weight, or a token is out of range
 * @throws ShapeError if the number of tokens is not `count * length`
 * @throws ZeroProbabilityError if a sequence is impossible in both blocks: it says nothing about their odds
 * @throws UnsupportedError if the result does not fit into memory
 * @example
 * ```ts
 * import { blockLogOdds, families } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * const { logOdds } = blockLogOdds(process, { tokens: [2, 3], count: 1, length: 2 }, { blocks: [1, 0] });
 * expect(logOdds[2]).toBeCloseTo(2 * Math.log2(3), 12); // two marked bits, each with likelihood ratio 3
 * ```
 */
export function blockLogOdds(
  process: SemiFactoredProcess,
  batch: TokenBatch,
  options: BlockLogOddsOptions,
): BlockLogOdds {
  const source = "blockLogOdds";
  checkObject(source, "batch", batch);
  checkObject(source, "options", options);
  checkBatch(source, batch);
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const operators = blockOperators(process);
  const initial = initialBlocks(source, process);
  const [first, second] = readPair(source, options.blocks, initial.weights);
  const { count, length } = batch;
  const logOdds = allocate(source, Float64Array, count * (length + 1));
  const start = Math.log((initial.weights[first] ?? 0) / (initial.weights[second] ?? 0));
  const inside = new Float64Array(process.stateDim);
  const scratch = new Float64Array(process.stateDim);
  const advance = (token: number, beta: number): number =>
    advanceBlock(operators, token, beta, inside, operators.start[beta] ?? 0, scratch);
  for (let sequence = 0, row = 0, index = 0; sequence < count; sequence++) {
    inside.set(initial.beliefs);
    let odds = start;
    logOdds[row++] = odds * scale;
    for (let position = 0; position < length; position++, index++) {
      const token = tokenAt(source, process, batch.tokens, index);
      const p = odds === Number.NEGATIVE_INFINITY ? 0 : advance(token, first);
      const q = odds === Number.POSITIVE_INFINITY ? 0 : advance(token, second);
      if (p === 0 && q === 0) {
        throw impossible(
          source,
          process,
          position,
          token,
          ` of sequence ${sequence}, in blocks ${first} and ${second},`,
        );
      }
      // log 0 makes the odds infinite, and an infinite one stays
      odds += Math.log(p) - Math.log(q);
      logOdds[row++] = odds * scale;
    }
  }
  return { logOdds, count, length };
}
