import { shannonEntropy } from "../../numeric/entropy.ts";
import { UnsupportedError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";
import { beliefLevels } from "../belief-level.ts";
import { ROUNDING } from "./entropy-bounds.ts";
import { hiddenModel } from "./hidden-model.ts";
import { nextTokenEntropy } from "./next-token-entropy.ts";
import { isStationary, stationaryPart } from "./stationary-part.ts";

/** Terms that count as nothing, in nats, and how many of them in a row end a sum. */
const NOTHING = 1e-14;
const QUIET_LEVELS = 8;

/** Conditional entropies of a stationary process in nats, as far as the limits allow. */
export interface ConditionalEntropies {
  /** `h(1), ..., h(L)`. */
  readonly conditional: readonly number[];
  /** Mean entropy of the hidden state after `0, ..., L - 1` tokens; absent where no hidden states are known. */
  readonly stateEntropy: readonly number[] | undefined;
}

/**
 * `h(L)` from `L = 1` on, until the terms of the sums made of them vanish, `maxLength`, or `maxStates` beliefs in a level.
 *
 * @throws UnsupportedError if the initial state is not stationary: `h(L)` may then rise, and partial sums bound nothing
 */
export function conditionalEntropies(
  source: string,
  process: Process,
  limits: { readonly maxLength: number; readonly maxStates: number },
): ConditionalEntropies {
  if (!isStationary(process)) {
    throw new UnsupportedError({
      source,
      problem: "the process has more mixed states than closed forms are for, and its initial state is not stationary",
      remedy: "Give it a stationary initial state (see stationaryState), or raise maxStates",
    });
  }
  const hidden = hiddenModel(process);
  const model = hidden ?? process;
  const entropyOf = nextTokenEntropy(model);
  const conditional: number[] = [];
  const stateEntropy: number[] = [];
  let quiet = 0;
  const start = [{ belief: stationaryPart(source, model), weight: 1 }];
  for (const level of beliefLevels(model, start, limits.maxStates, ROUNDING)) {
    const before = conditional.at(-1) ?? Number.POSITIVE_INFINITY;
    const value = Math.min(before, level.mean(entropyOf));
    conditional.push(value);
    if (hidden !== undefined) stateEntropy.push(level.mean((belief) => shannonEntropy(belief, { unit: "nats" })));
    const length = conditional.length;
    quiet = length * (before - value) < NOTHING ? quiet + 1 : 0;
    if (quiet >= QUIET_LEVELS || length >= limits.maxLength) break;
  }
  return { conditional, stateEntropy: hidden === undefined ? undefined : stateEntropy };
}
