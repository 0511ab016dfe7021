import { IMPOSSIBLE } from "../process/process.ts";
import { compileProduct, jointSize, type ProductWriter, writeProductLoop } from "./compiled-product.ts";
import { filterKernel, WORTH_COMPILING } from "./filter-kernel.ts";
import type { FilterWork } from "./filter-work.ts";
import type { Factors } from "./kronecker-initial.ts";

/** Numbers in the beliefs of the factors that are held at a time: they stay in the processor's cache. */
const CHUNK = 2 ** 15;

/** The part of a batch that is filtered, and how many tokens there are in all. */
export interface FactorWork extends Pick<FilterWork, "tokens" | "count" | "length"> {
  readonly ahead: number;
}

/** Where the beliefs of each factor go, and the probabilities of the joint tokens. */
export interface FactorOutput {
  /** Of each factor, `[count, length + 1, d_n]`. */
  readonly beliefs: readonly Float64Array[];
  /** `[count, length]`. */
  readonly probabilities: Float64Array;
}

/** The token of one factor in every joint token: `floor(token / stride) mod size`. */
function factorToken(joint: Int32Array, stride: number, size: number): Int32Array {
  const out = new Int32Array(joint.length);
  for (let i = 0; i < joint.length; i++) out[i] = Math.floor((joint[i] ?? 0) / stride) % size;
  return out;
}

/**
 * Filters a product factor by factor: the beliefs of independent processes are independent, and the probabilities of their tokens
 * multiply (T9). False if a token is out of range or impossible.
 */
export function filterFactors(
  { factors, initial, tokens: sizes }: Factors,
  { tokens, count, length, ahead }: FactorWork,
  { beliefs, probabilities }: FactorOutput,
): boolean {
  const total = jointSize(sizes);
  for (const token of tokens) if (token < 0 || token >= total) return false;
  const own = new Float64Array(tokens.length);
  probabilities.fill(1);
  let stride = total;
  for (const [n, factor] of factors.entries()) {
    const size = sizes[n] ?? 1;
    stride /= size;
    const work = {
      tokens: factorToken(tokens, stride, size),
      count,
      length,
      initial: initial[n] ?? factor.initial,
      beliefs: beliefs[n] ?? new Float64Array(0),
      probabilities: own,
    };
    if (!filterKernel(factor, ahead)(work)) return false;
    for (let i = 0; i < own.length; i++) probabilities[i] = (probabilities[i] ?? 0) * (own[i] ?? 0);
  }
  return probabilities.every((probability) => probability > IMPOSSIBLE);
}

const writers = new WeakMap<Factors, ProductWriter>();

function productWriter(product: Factors): ProductWriter {
  let writer = writers.get(product);
  if (writer === undefined) {
    writer = compileProduct(product.states) ?? writeProductLoop(product.states);
    writers.set(product, writer);
  }
  return writer;
}

/** A kernel in the sense of filterKernel for a product: `O(sum_n d_n^2)` a token besides writing the joint belief. */
export function filterProduct(product: Factors, work: FilterWork): boolean {
  const { states } = product;
  const { tokens, count, length } = work;
  const rowsOfOne = length + 1;
  const stateDim = jointSize(states);
  const perChunk = Math.max(1, Math.floor(CHUNK / (rowsOfOne * states.reduce((sum, d) => sum + d, 0))));
  const write = tokens.length < WORTH_COMPILING ? writeProductLoop(states) : productWriter(product);
  let beliefs: readonly Float64Array[] = [];
  for (let first = 0; first < count; first += perChunk) {
    const held = Math.min(perChunk, count - first);
    if (first === 0 || held < perChunk) beliefs = states.map((d) => new Float64Array(held * rowsOfOne * d));
    const [from, to] = [first * length, (first + held) * length];
    const chunk = { tokens: tokens.subarray(from, to), count: held, length, ahead: tokens.length };
    if (!filterFactors(product, chunk, { beliefs, probabilities: work.probabilities.subarray(from, to) })) return false;
    write(beliefs, held * rowsOfOne, work.beliefs, first * rowsOfOne * stateDim);
  }
  return true;
}
