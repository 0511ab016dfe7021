import { InvalidArgumentError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";

/**
 * Cumulative u32 thresholds over (token, next state), one row per state and one more, the last, for the initial state.
 *
 * Row `s` lists its outcomes in token-major order with bounds `round(2^32 * cumulative probability)`; a draw `u` selects the
 * first outcome whose bound exceeds `u`. An outcome of probability below about 2^-33 has no draw and is never sampled.
 * The guide holds, for the top bits of `u`, the first outcome that can match, so a search is nearly always over before it
 * starts (Chen and Asau, 1974) and still exact.
 */
export interface TransitionTable {
  /** `u >>> shift` indexes the guide of a row. */
  readonly shift: number;
  /** Outcome to start from, at `row + (u >>> shift)`. */
  readonly guide: Uint32Array;
  /** Largest draw of each outcome, with the top bit flipped so that signed comparison orders it. */
  readonly last: Int32Array;
  /** Token of each outcome. */
  readonly token: Int32Array;
  /** Guide offset of the row of the next state; the state is `row >>> (32 - shift)`. */
  readonly nextRow: Int32Array;
  /** Guide offset of the initial row, whose outcomes have token 0 and lead to the first state. */
  readonly initialRow: number;
}

const LARGEST_GUIDE = 2 ** 18;
const FLIP = 0x80000000;

interface Outcome {
  readonly token: number;
  readonly next: number;
  readonly weight: number;
}

/** Outcomes of each state in token-major order, without the impossible ones; the initial distribution comes last. */
function listOutcomes(process: Process): readonly (readonly Outcome[])[] {
  const { stateDim } = process;
  const rows: Outcome[][] = Array.from({ length: stateDim + 1 }, () => []);
  process.alphabet.forEach((_, token) => {
    process.operator(token).forEach((weight, i) => {
      if (weight > 0) rows[Math.floor(i / stateDim)]?.push({ token, next: i % stateDim, weight });
    });
  });
  process.initial.forEach((weight, next) => {
    if (weight > 0) rows[stateDim]?.push({ token: 0, next, weight });
  });
  return rows;
}

/** Outcomes with the largest draw that selects each, 2^32 - 1 for the last; outcomes too rare to have a draw are left out. */
function assignDraws(outcomes: readonly Outcome[]): readonly (Outcome & { readonly last: number })[] {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const kept: (Outcome & { readonly last: number })[] = [];
  let cumulative = 0;
  let bound = 0;
  for (const outcome of outcomes) {
    cumulative += outcome.weight;
    const next = Math.min(2 ** 32, Math.round((cumulative / total) * 2 ** 32));
    if (next > bound) kept.push({ ...outcome, last: next - 1 });
    bound = next;
  }
  return kept;
}

/** Builds the table of a process with certificate `hmm`. */
export function buildTransitionTable(process: Process): TransitionTable {
  const rows = listOutcomes(process).map(assignDraws);
  const empty = rows.findIndex((row) => row.length === 0);
  if (empty !== -1) {
    throw new InvalidArgumentError({
      source: "sampleSequences",
      problem: `${empty === process.stateDim ? "the initial state" : `state ${empty}`} has no outcome with a positive probability`,
      remedy: "Check the process: an HMM has probabilities that sum to one",
    });
  }
  let bits = 10;
  while (bits > 2 && rows.length * 2 ** bits > LARGEST_GUIDE) bits--;
  const shift = 32 - bits;
  const total = rows.reduce((sum, row) => sum + row.length, 0);
  const guide = new Uint32Array(rows.length << bits);
  const last = new Int32Array(total);
  const token = new Int32Array(total);
  const nextRow = new Int32Array(total);
  let start = 0;
  rows.forEach((row, r) => {
    row.forEach((outcome, k) => {
      last[start + k] = outcome.last ^ FLIP;
      token[start + k] = outcome.token;
      nextRow[start + k] = outcome.next << bits;
    });
    for (let bucket = 0, k = 0; bucket < 1 << bits; bucket++) {
      const smallest = bucket * 2 ** shift;
      while ((row[k]?.last ?? Number.POSITIVE_INFINITY) < smallest) k++;
      guide[(r << bits) + bucket] = start + k;
    }
    start += row.length;
  });
  return { shift, guide, last, token, nextRow, initialRow: process.stateDim << bits };
}

const tables = new WeakMap<Process, TransitionTable>();

/** The table of a process, built at first use. */
export function transitionTable(process: Process): TransitionTable {
  let table = tables.get(process);
  if (table === undefined) {
    table = buildTransitionTable(process);
    tables.set(process, table);
  }
  return table;
}
