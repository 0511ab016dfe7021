import { readBelief } from "../../belief/token.ts";
import { InvalidArgumentError, UnsupportedError } from "../../numeric/errors.ts";
import { checkInteger, checkNumber } from "../../numeric/options.ts";
import type { Process } from "../../process/process.ts";
import { createKey, type Key } from "../../random/key.ts";
import { beliefLevels } from "../belief-level.ts";
import { nextTokenEntropy } from "./next-token-entropy.ts";

/** Rounding makes beliefs that are equal differ by more than a smaller one. */
const SMALLEST_TOLERANCE = 1e-15;
const LARGEST_TOLERANCE = 0.1;

/** What every function that sums over the beliefs at each depth takes. */
export interface LevelOptions {
  readonly method: "auto" | "exact" | "monte-carlo";
  readonly maxStates: number;
  readonly tolerance: number;
  readonly samples: number;
  readonly key: Key;
}

/** The options with their defaults filled in, checked. */
export function readLevelOptions(
  source: string,
  options: { readonly [K in keyof LevelOptions]?: LevelOptions[K] | undefined },
): LevelOptions {
  const { method = "auto", maxStates = 20_000, tolerance = 1e-9, samples = 4096, key = createKey(0) } = options;
  checkInteger(source, "maxStates", maxStates, 1, 2 ** 23);
  checkInteger(source, "samples", samples, 2, 2 ** 32);
  checkNumber(source, "tolerance", tolerance, SMALLEST_TOLERANCE, LARGEST_TOLERANCE);
  if (method !== "auto" && method !== "exact" && method !== "monte-carlo") {
    throw new InvalidArgumentError({
      source,
      problem: `method is ${String(method)}`,
      remedy: 'Give "auto", "exact" or "monte-carlo"',
    });
  }
  return { method, maxStates, tolerance, samples, key };
}

/**
 * `h(1), ..., h(length)` in nats, level by level over distinct beliefs; `undefined` for `"monte-carlo"`, and for `"auto"` when
 * there are more than `maxStates` beliefs at one position.
 *
 * @throws UnsupportedError in that case, if the method is `"exact"`
 */
export function exactConditionalEntropies(
  source: string,
  process: Process,
  length: number,
  { method, maxStates, tolerance }: LevelOptions,
): { readonly entropies: Float64Array; readonly states: number } | undefined {
  if (method === "monte-carlo") return undefined;
  const entropies = new Float64Array(length);
  if (length === 0) return { entropies, states: 1 };
  const entropyOf = nextTokenEntropy(process);
  const start = [{ belief: readBelief(source, process, process.initial), weight: 1 }];
  let [t, states] = [0, 1];
  for (const level of beliefLevels(process, start, maxStates, tolerance)) {
    states = Math.max(states, level.size);
    entropies[t++] = level.mean(entropyOf);
    if (t === length) return { entropies, states };
  }
  if (method === "auto") return undefined;
  throw new UnsupportedError({
    source,
    problem: `more than ${maxStates} distinct beliefs at one position`,
    remedy: 'Raise maxStates, ask for fewer tokens, or use method "monte-carlo"',
  });
}
