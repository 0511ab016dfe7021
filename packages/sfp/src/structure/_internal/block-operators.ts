import { InvalidArgumentError } from "@semifactor/ghmm";
import { IMPOSSIBLE } from "@semifactor/ghmm/internal";
import { blockWeights } from "../blocks.ts";
import type { SemiFactoredProcess } from "../semi-factored.ts";

/** Entries of all operators together up to which they are asked for whole. */
const LARGEST_WRITTEN = 2 ** 24;

/** The operators of a semi-factored process, block by block, in flat arrays. */
export interface BlockOperators {
  readonly blocks: number;
  readonly tokens: number;
  /** Where each block begins among the states listed block by block, `[blocks + 1]`. */
  readonly start: Int32Array;
  /** Joint state of each of them, `[d]`. */
  readonly order: Int32Array;
  /** Where the matrix of token x and block beta begins, `[tokens * blocks]`. */
  readonly at: Int32Array;
  /** Each matrix as panels of four columns, `[panel][row][4]`, and then column by column. */
  readonly entries: Float64Array;
  /** Normalizer, block by block, `[d]`. */
  readonly normalizer: Float64Array;
  /**
   * Probabilities at or below this are zero. Rounding makes none in an HMM, where nothing is subtracted: there it is the largest number
   * below those of full precision, whose inverse overflows.
   */
  readonly floor: number;
}

const SUBNORMAL = 2 ** -1022 - 2 ** -1074;

/** Rows of the operator of a token, one per block: row `i` of every block stands between the columns of that block. */
type RowReader = (i: number) => (row: number, column: number) => number;

function writtenRows(process: SemiFactoredProcess, token: number): RowReader {
  const operator = process.operator(token);
  return () => (row, column) => operator[row * process.stateDim + column] ?? 0;
}

/** Blocks do not mix, so one step from the i-th states of all blocks together gives the i-th row of each. */
function steppedRows(process: SemiFactoredProcess, token: number): RowReader {
  const { stateDim, partition } = process;
  return (i) => {
    const probe = new Float64Array(stateDim);
    const probed = partition.blocks.filter(({ states }) => i < states.length);
    for (const { states } of probed) probe[states[i] ?? 0] = 1 / probed.length;
    const next = new Float64Array(stateDim);
    const scale = process.step(probe, token, next) * probed.length;
    return (_, column) => (next[column] ?? 0) * scale;
  };
}

function readOperators(process: SemiFactoredProcess): BlockOperators {
  const { blocks } = process.partition;
  const tokens = process.alphabet.length;
  const isHmm = process.certificate.kind === "hmm";
  const reader = isHmm && tokens * process.stateDim ** 2 > LARGEST_WRITTEN ? steppedRows : writtenRows;
  const start = new Int32Array(blocks.length + 1);
  const order = Int32Array.from(blocks.flatMap(({ states }) => states));
  blocks.forEach(({ states }, beta) => {
    start[beta + 1] = (start[beta] ?? 0) + states.length;
  });
  const ofToken = blocks.reduce((sum, { states }) => sum + states.length ** 2, 0);
  const entries = new Float64Array(tokens * ofToken);
  const at = new Int32Array(tokens * blocks.length);
  const largest = blocks.reduce((most, { states }) => Math.max(most, states.length), 0);
  for (let token = 0, offset = 0; token < tokens; token++) {
    const rows = reader(process, token);
    blocks.forEach(({ states }, beta) => {
      at[token * blocks.length + beta] = offset;
      offset += states.length ** 2;
    });
    for (let i = 0; i < largest; i++) {
      const entry = rows(i);
      blocks.forEach(({ states }, beta) => {
        const row = states[i];
        if (row === undefined) return;
        const size = states.length;
        const paneled = size - (size % 4);
        states.forEach((column, j) => {
          const place = j < paneled ? (j - (j % 4)) * size + 4 * i + (j % 4) : j * size + i;
          entries[(at[token * blocks.length + beta] ?? 0) + place] = entry(row, column);
        });
      });
    }
  }
  const normalizer = Float64Array.from(order, (s) => process.normalizer[s] ?? 0);
  return {
    blocks: blocks.length,
    tokens,
    start,
    order,
    at,
    entries,
    normalizer,
    floor: isHmm ? SUBNORMAL : IMPOSSIBLE,
  };
}

const known = new WeakMap<SemiFactoredProcess, BlockOperators>();

/** The operators of a process by block, kept for the next call. */
export function blockOperators(process: SemiFactoredProcess): BlockOperators {
  let operators = known.get(process);
  if (operators === undefined) {
    operators = readOperators(process);
    known.set(process, operators);
  }
  return operators;
}

/** The initial weights, which sum to one, and the initial beliefs of all blocks, block by block: zero in a block without weight. */
export function initialBlocks(source: string, process: SemiFactoredProcess) {
  const given = blockWeights(process, process.initial);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) {
    throw new InvalidArgumentError({
      source,
      problem: `the initial state times the normalizer is ${total}`,
      remedy: "Give a process whose initial state is a state",
    });
  }
  const beliefs = Float64Array.from(blockOperators(process).order, (s) => {
    const weight = given[process.partition.blockOf[s] ?? 0] ?? 0;
    return weight === 0 ? 0 : (process.initial[s] ?? 0) / weight;
  });
  return { weights: given.map((weight) => weight / total), beliefs };
}

/**
 * Moves the belief of one block by one token: replaces `b` (which begins at `from` in `beliefs`) by `b T^x / (b T^x w)` and returns
 * `b T^x w`. Returns 0 and leaves it alone where the token is impossible in the block.
 *
 * @param scratch - at least as long as the block
 */
export function advanceBlock(
  operators: BlockOperators,
  token: number,
  beta: number,
  beliefs: Float64Array,
  from: number,
  scratch: Float64Array,
): number {
  const { start, entries, normalizer } = operators;
  const first = start[beta] ?? 0;
  const size = (start[beta + 1] ?? 0) - first;
  const paneled = size - (size % 4);
  let e = operators.at[token * operators.blocks + beta] ?? 0;
  let probability = 0;
  for (let j = 0; j < paneled; j += 4) {
    let u0 = 0;
    let u1 = 0;
    let u2 = 0;
    let u3 = 0;
    for (let i = 0; i < size; i++, e += 4) {
      const b = beliefs[from + i] ?? 0;
      u0 += b * (entries[e] ?? 0);
      u1 += b * (entries[e + 1] ?? 0);
      u2 += b * (entries[e + 2] ?? 0);
      u3 += b * (entries[e + 3] ?? 0);
    }
    scratch[j] = u0;
    scratch[j + 1] = u1;
    scratch[j + 2] = u2;
    scratch[j + 3] = u3;
    const w = first + j;
    probability += u0 * (normalizer[w] ?? 0) + u1 * (normalizer[w + 1] ?? 0);
    probability += u2 * (normalizer[w + 2] ?? 0) + u3 * (normalizer[w + 3] ?? 0);
  }
  for (let j = paneled; j < size; j++) {
    let u = 0;
    for (let i = 0; i < size; i++, e++) u += (beliefs[from + i] ?? 0) * (entries[e] ?? 0);
    scratch[j] = u;
    probability += u * (normalizer[first + j] ?? 0);
  }
  if (!(Math.abs(probability) > operators.floor)) return 0;
  const scale = 1 / probability;
  for (let j = 0; j < size; j++) beliefs[from + j] = (scratch[j] ?? 0) * scale;
  return probability;
}
