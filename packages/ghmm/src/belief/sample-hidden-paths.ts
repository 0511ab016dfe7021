import { allocate } from "../numeric/allocate.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { countNonZero } from "../process/storage/choose.ts";
import { withParts } from "../process/with-parts.ts";
import { foldIn } from "../random/key.ts";
import { independentFactors } from "./kronecker-initial.ts";
import { blocksOf, fillWords, type SampleRange } from "./sample-range.ts";
import { transitionTable } from "./transition-table.ts";

/** Outcomes (token, next state) of all states together that a transition table of a product may have. */
const MOST_OUTCOMES = 2 ** 20;

/** Samples hidden paths by comparing each word with the thresholds of the current state: integers only. */
function samplePaths(process: Process, range: SampleRange, tokens: Int32Array, states: Int32Array | undefined): void {
  const { count, length, key, firstIndex } = range;
  const { shift, guide, last, token, nextRow, initialRow } = transitionTable(process);
  const bits = 32 - shift;
  const blocks = blocksOf(length);
  const words = new Uint32Array(2 * blocks);
  const signed = new Int32Array(words.buffer);
  for (let i = 0, at = 0, stateAt = 0; i < count; i++) {
    fillWords(key, firstIndex + i, blocks, words);
    let row = initialRow;
    for (let t = 0; t <= length; t++) {
      const word = signed[t] ?? 0;
      const flipped = word ^ 0x80000000;
      let k = guide[row + (word >>> shift)] ?? 0;
      while (flipped > (last[k] ?? 0)) k++;
      row = nextRow[k] ?? 0;
      if (t > 0) tokens[at++] = token[k] ?? 0;
      if (states !== undefined) states[stateAt++] = row >>> bits;
    }
  }
}

/** Outcomes of a product: the non-zero entries of its operators. */
function countOutcomes(factors: readonly Process[]): number {
  return factors.reduce(
    (product, factor) => product * countNonZero(factor.alphabet.map((_, token) => factor.operator(token))),
    1,
  );
}

const factorsOf = ({ storage }: Process): readonly Process[] => (storage?.kind === "kronecker" ? storage.factors : []);

/** Whether the sequences of an HMM are drawn from one transition table: always, but for products whose table is too large to list. */
export function isSampledByTable(process: Process): boolean {
  const factors = factorsOf(process);
  return factors.length === 0 || countOutcomes(factors) <= MOST_OUTCOMES;
}

/** `joint = joint * size + digit` for all entries: big-endian joint indices. */
function appendDigits(joint: Int32Array, digits: Int32Array, size: number): void {
  for (let i = 0; i < joint.length; i++) joint[i] = (joint[i] ?? 0) * size + (digits[i] ?? 0);
}

/**
 * Samples an HMM. A product whose table would be too large is sampled factor by factor, factor `n` with `foldIn(key, n)`: the
 * same law, other sequences than a table would give.
 */
export function sampleHiddenPaths(
  process: Process,
  range: SampleRange,
  tokens: Int32Array,
  states: Int32Array | undefined,
): void {
  if (isSampledByTable(process)) {
    samplePaths(process, range, tokens, states);
    return;
  }
  const product = independentFactors(process);
  if (product === undefined) {
    throw new UnsupportedError({
      source: "sampleSequences",
      problem: `a product of ${factorsOf(process).length} processes starts in a state that is no product, and has too many transitions to list`,
      remedy: "Start the factors independently, or sample fewer of them",
    });
  }
  const ownTokens = allocate("sampleSequences", Int32Array, tokens.length);
  const ownStates = states && allocate("sampleSequences", Int32Array, states.length);
  for (const [n, factor] of product.factors.entries()) {
    const initial = product.initial[n] ?? factor.initial;
    // the factor itself where it can be: its table is kept
    const started = initial.every((value, s) => value === factor.initial[s]) ? factor : withParts(factor, { initial });
    sampleHiddenPaths(started, { ...range, key: foldIn(range.key, n) }, ownTokens, ownStates);
    appendDigits(tokens, ownTokens, product.tokens[n] ?? 1);
    if (states !== undefined && ownStates !== undefined) appendDigits(states, ownStates, product.states[n] ?? 1);
  }
}
