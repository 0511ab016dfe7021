import fc from "fast-check";
import { gaugeTransformed } from "../arbitraries/processes.ts";
import { redundantHmm } from "../arbitraries/structured.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { minimalRealization } from "../equivalence/minimal-realization.ts";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { dot, matrixTimesVector, multiply } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { clonedGoldenMean } from "./_internal/cloned-golden-mean.ts";
import { mildBasis } from "./_internal/subject.ts";
import { applied, largestDifference, operatorsOf, scaleOf } from "./_internal/words.ts";
import type { Theorem } from "./theorem.ts";

/** Two realizations of one process, claimed to be minimal. */
export interface MinimalityInstance {
  readonly first: Process;
  readonly second: Process;
  /** Ratio of the largest to the smallest singular value that counts, of the Hankel matrix; 1 by default. */
  readonly condition?: number;
}

/** Singular values this much smaller than the largest are zero: a Hankel matrix of words is known to rounding. */
const ZERO = 1e-10;

const rankOf = (values: Float64Array): number => values.filter((value) => value > ZERO * (values[0] ?? 0)).length;

/** Most entries of a matrix that is decomposed. */
const LARGEST_MATRIX = 2 ** 19;

function checkSize(rows: number, columns: number): void {
  if (rows * columns <= LARGEST_MATRIX) return;
  throw new UnsupportedError({
    source: "checkTheorem",
    problem: `a matrix of ${rows} x ${columns} entries would be decomposed`,
    remedy: `Give processes of fewer states and tokens: at most ${LARGEST_MATRIX} entries`,
  });
}

/** Singular values of a matrix given by its rows. */
function singularValues(rows: readonly ArrayLike<number>[]): Float64Array {
  const columns = rows[0]?.length ?? 0;
  checkSize(rows.length, columns);
  const flat = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    flat.set(row, i * columns);
  });
  return singularValueDecomposition(flat, [rows.length, columns]).values;
}

/**
 * Vectors of the words of 0, 1, 2, ... tokens, by length, until one token more adds nothing to their span: then no longer word
 * does. Of `least` lengths at least.
 */
function spanningLevels(
  first: Float64Array,
  follow: (vector: Float64Array) => readonly Float64Array[],
  least: number,
): readonly (readonly Float64Array[])[] {
  const levels: (readonly Float64Array[])[] = [];
  let level: readonly Float64Array[] = [first];
  for (let rank = 0; ; ) {
    const all = [...levels.flat(), ...level];
    const grown = rank < first.length ? rankOf(singularValues(all)) : rank;
    if (grown === rank && levels.length >= least) return levels;
    checkSize(all.length, first.length);
    rank = grown;
    levels.push(level);
    level = level.flatMap(follow);
  }
}

/** The states of words that span `F`: rows `[n, d]`. */
function forwardRows(process: Process): readonly Float64Array[] {
  const operators = operatorsOf(process);
  return spanningLevels(process.initial, (row) => operators.map((operator) => applied(row, operator)), 1).flat();
}

/** `T^h w` of words that span `B`, by length: its columns. */
function backwardLevels(process: Process, least = 1): readonly (readonly Float64Array[])[] {
  const operators = operatorsOf(process);
  return spanningLevels(
    process.normalizer,
    (column) => operators.map((operator) => matrixTimesVector(operator, column)),
    least,
  );
}

/** Singular values of `H[h, h'] = P(h h')` over words that span the spaces of both sides. */
function hankelValues(process: Process): Float64Array {
  const columns = backwardLevels(process).flat();
  const rows = forwardRows(process);
  checkSize(rows.length, columns.length);
  return singularValues(rows.map((row) => Float64Array.from(columns, (column) => dot(row, column))));
}

/** `S = B_1 B_2^+` and by how much it fails `T_1^x S = S T_2^x`, `eta_1 S = eta_2` and `w_1 = S w_2`. */
function intertwinerResidual(first: Process, second: Process): number {
  const [d1, d2] = [first.stateDim, second.stateDim];
  const length = Math.max(backwardLevels(first).length, backwardLevels(second).length);
  const stacked = (columns: readonly Float64Array[], d: number): Float64Array =>
    Float64Array.from({ length: d * columns.length }, (_, i) => {
      return columns[i % columns.length]?.[Math.floor(i / columns.length)] ?? 0;
    });
  const [b1 = [], b2 = []] = [backwardLevels(first, length), backwardLevels(second, length)].map((levels) =>
    levels.slice(0, length).flat(),
  );
  const { inverse } = pseudoInverse(stacked(b2, d2), [d2, b2.length], ZERO);
  const s = multiply(stacked(b1, d1), inverse, b1.length);
  let worst = largestDifference(matrixTimesVector(s, second.normalizer), first.normalizer);
  const start = multiply(first.initial, s, d1);
  worst = Math.max(worst, largestDifference(start, second.initial));
  first.alphabet.forEach((_, token) => {
    const left = multiply(first.operator(token), s, d1);
    const right = multiply(s, second.operator(token), d2);
    worst = Math.max(worst, largestDifference(left, right));
  });
  return worst / scaleOf(s);
}

/** Dimension of the solutions `D` of `D T_2^x = T_1^x D`, `eta_1 D = 0`, `D w_2 = 0`: by how much `S` is not unique. */
function freedom(first: Process, second: Process): number {
  const [d1, d2] = [first.stateDim, second.stateDim];
  checkSize(d1 * d2, first.alphabet.length * d1 * d2 + d1 + d2);
  const unit = new Float64Array(d1 * d2);
  const images = Array.from({ length: d1 * d2 }, (_, i) => {
    unit.fill(0);
    unit[i] = 1;
    const parts: Float64Array[] = first.alphabet.map((__, token) => {
      const left = multiply(first.operator(token), unit, d1);
      return multiply(unit, second.operator(token), d2).map((value, j) => value - (left[j] ?? 0));
    });
    parts.push(multiply(first.initial, unit, d1), matrixTimesVector(unit, second.normalizer));
    return parts.flatMap((part) => Array.from(part));
  });
  return d1 * d2 - rankOf(singularValues(images));
}

function residual({ first, second }: MinimalityInstance): number {
  const ranks = [first, second].map((process) => Math.abs(process.stateDim - rankOf(hankelValues(process))));
  const dimension = Math.max(...ranks, Math.abs(first.stateDim - second.stateDim));
  return Math.max(dimension, freedom(first, second), intertwinerResidual(first, second));
}

/**
 * What is claimed to be minimal of two processes with the same words, if the Hankel matrix tells its dimension clearly. A pair of
 * different dimensions stays: it would show that one is not minimal.
 */
function minimalPair(a: Process, b: Process): MinimalityInstance | undefined {
  const [first, second] = [minimalRealization(a).process, minimalRealization(b).process];
  const values = hankelValues(first);
  const condition = (values[0] ?? 0) / (values[first.stateDim - 1] ?? 0);
  return condition <= 1e5 ? { first, second, condition } : undefined;
}

const isPair = (pair: MinimalityInstance | undefined): pair is MinimalityInstance => pair !== undefined;

/**
 * T5: the smallest dimension of a process is the rank of its Hankel matrix `H[h, h'] = P(h h')`, and two realizations of that
 * dimension are related by exactly one change of basis. Standard.
 *
 * @example
 * ```ts
 * import { changeBasis, mess3 } from "@semifactor/ghmm";
 * import { checkTheorem, minimality } from "@semifactor/ghmm/theorems";
 *
 * const first = mess3({ x: 0.15, a: 0.6 });
 * const second = changeBasis(first, [[1, 2, 0], [0, 1, 0], [1, 0, 3]]);
 * expect(checkTheorem(minimality, { instance: { first, second } }).holds).toBe(true);
 * ```
 */
export const minimality: Theorem<MinimalityInstance> = {
  id: "T5",
  name: "Minimal realizations are unique up to one change of basis",
  statement:
    "A minimal realization has the dimension $\\operatorname{rank} H$, $H_{h,h'} = P(hh')$; for two of them there is exactly one $S$ with $T_1^x S = S T_2^x$, $\\eta_1 S = \\eta_2$ and $w_1 = S w_2$.",
  status: "standard",
  proof: String.raw`Let $F$ have the rows $\eta_0 T^h$ and $B$ the columns $T^h w$, over all words. Then $P(hh') = (\eta_0 T^h)(T^{h'} w)$ says $H = F B$.

_Dimension._ $F$ has $d$ columns, so $\operatorname{rank} H \le d$ for every realization. If $\operatorname{rank} F < d$, the span of its rows is smaller than the space, contains $\eta_0$ and is mapped into itself by every $T^x$: restricted to it the process has the same words in fewer dimensions. The same holds for the columns of $B$ and the quotient by what they do not see. So a minimal realization has $\operatorname{rank} F = \operatorname{rank} B = d$, and then $\operatorname{rank} F B = d$: $F$ has a left inverse and $B$ a right inverse.

_Existence of $S$._ Two minimal realizations of the same words have $F_1 B_1 = H = F_2 B_2$. With right inverses $B_i^+$ put $S = B_1 B_2^+$ (so $F_1 S = F_1 B_1 B_2^+ = F_2 B_2 B_2^+ = F_2$). The first row of this, for the empty word, is $\eta_1 S = \eta_2$. From $F_1 (S B_2) = F_2 B_2 = F_1 B_1$ and the left inverse of $F_1$, $S B_2 = B_1$; its first column is $S w_2 = w_1$. The Hankel matrix with a token in between, $P(hxh')$, is $F_1 T_1^x B_1 = F_2 T_2^x B_2$; with $B_1 = S B_2$ and $F_2 = F_1 S$ it gives $F_1 T_1^x S B_2 = F_1 S T_2^x B_2$, and both outer factors cancel: $T_1^x S = S T_2^x$.

_Uniqueness._ If $S$ and $S'$ both qualify, $D = S - S'$ has $T_1^x D = D T_2^x$ and $D w_2 = 0$, so $D T_2^h w_2 = T_1^h D w_2 = 0$ for every word: $D B_2 = 0$, and $B_2$ has full row rank. Hence $D = 0$. Words of at most $d - 1$ tokens suffice: each length either adds to the span or ends its growth.`,
  use: "It gives processes a canonical size, and makes two minimal models comparable: either one change of basis relates them, or they are different processes.",
  hypotheses: [
    { id: "minimal", statement: "No realization of smaller dimension gives the same word probabilities." },
    { id: "same words", statement: "Both give every word the same probability." },
  ],
  needs: "a Hankel matrix whose rank is clear (singular values within a factor of 10^5)",
  instanceOf: ({ process }) => minimalPair(process, changeBasis(process, mildBasis(process.stateDim))),
  arbitrary: fc.oneof(
    gaugeTransformed({ maxStates: 3 })
      .map(({ hmm, ghmm }) => minimalPair(hmm, ghmm))
      .filter(isPair),
    redundantHmm({ maxStates: 3 })
      .map(({ hmm, redundant }) => minimalPair(hmm, redundant))
      .filter(isPair),
  ),
  residual,
  tolerance: ({ condition = 1 }) => 1e-14 * condition ** 2 + 1e-11,
  counterexamples: [
    {
      drops: "minimal",
      description: "the golden mean process with a state in two copies: the dimension exceeds the rank",
      instance: { first: clonedGoldenMean, second: clonedGoldenMean },
    },
    {
      drops: "same words",
      description: "Mess3 at two values of its parameter, both minimal",
      instance: { first: mess3({ x: 0.15, a: 0.6 }), second: mess3({ x: 0.05, a: 0.85 }) },
    },
    {
      drops: "same words",
      description: "the golden mean process and Z1R, of different dimension",
      instance: { first: goldenMean({ p: 0.5 }), second: zeroOneRandom({ p: 0.5 }) },
    },
  ],
};
