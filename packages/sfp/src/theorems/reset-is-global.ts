import { chainProduct, coin, createHmm, type Process, wordProbability } from "@semifactor/ghmm";
import { checkInteger, dot, kroneckerVector, largestDifference, matrixTimesVector } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { chainedProcess, independentProcess } from "../arbitraries/products.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { resetFactor } from "../intervention/reset-factor.ts";
import { marginals } from "../structure/marginals.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { genericHmm } from "./_internal/generic-hmm.ts";
import { partOperators, tokenForm, wordColumns } from "./_internal/token-parts.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors with two-part tokens, and the belief that the first factor is reset to. */
export interface ResetInstance {
  readonly process: Process;
  readonly structure: TensorStructure;
  readonly tokenSizes: readonly [number, number];
  /** `a'`, `[dA]`. */
  readonly to: ArrayLike<number>;
  /** What is claimed of the second factor: its futures are unchanged (default), or depend on the reset through the first's tokens only. */
  readonly second?: "unchanged" | "through tokens";
  /** The first factor's own process, whose futures from `a'` are compared. */
  readonly first?: Process;
  /** Another matrix in the place of the reset, row-major `[d, d]`. */
  readonly matrix?: Float64Array;
  /** 2 by default. */
  readonly maxLength?: number;
}

/** `R alpha_u = p_u w`: the law of the first part is `p` from every belief. */
function globalDefect(instance: ResetInstance, matrix: Float64Array, length: number): number {
  const { process, tokenSizes, first, to } = instance;
  const { normalizer, initial } = process;
  const columns = wordColumns(partOperators(process, tokenSizes, 0), normalizer, length);
  return columns.reduce((worst, { word, column }) => {
    const after = matrixTimesVector(matrix, column);
    const p = dot(initial, after) / dot(initial, matrixTimesVector(matrix, normalizer));
    const own = first === undefined ? p : wordProbability({ ...first, initial: Float64Array.from(to) }, word);
    return Math.max(
      worst,
      Math.abs(p - own),
      largestDifference(
        after,
        normalizer.map((value) => value * p),
      ),
    );
  }, 0);
}

/** `R gamma_y = gamma_y`: the law of the second part is what it was, from every belief. */
function specificDefect({ process, tokenSizes }: ResetInstance, matrix: Float64Array, length: number): number {
  const columns = wordColumns(partOperators(process, tokenSizes, 1), process.normalizer, length);
  return columns.reduce(
    (worst, { column }) => Math.max(worst, largestDifference(matrixTimesVector(matrix, column), column)),
    0,
  );
}

/** `P(u, y | a (x) c) P(u | a2 (x) c) = P(u, y | a2 (x) c) P(u | a (x) c)`: given u, the law of y depends on c alone. */
function tokenDefect({ process, structure, tokenSizes }: ResetInstance, length: number): number {
  const [{ dimension: dA }, { dimension: dC }] = structure.factors;
  const operators = process.alphabet.map((_, token) => process.operator(token));
  const own = new Map(
    wordColumns(partOperators(process, tokenSizes, 0), process.normalizer, length).map(({ word, column }) => [
      word.join(),
      column,
    ]),
  );
  return wordColumns(operators, process.normalizer, length).reduce((worst, { word, column }) => {
    const seen = own.get(word.map((token) => Math.floor(token / tokenSizes[1])).join()) ?? column;
    const cross = (a: number, c: number): number =>
      (column[a * dC + c] ?? 0) * (seen[c] ?? 0) - (column[c] ?? 0) * (seen[a * dC + c] ?? 0);
    for (let s = 0; s < dA * dC; s++) worst = Math.max(worst, Math.abs(cross(Math.floor(s / dC), s % dC)));
    return worst;
  }, 0);
}

/** `b R = a' (x) b_C` for every pure belief, and so for all. */
function productDefect({ structure, to }: ResetInstance, matrix: Float64Array): number {
  const d = structure.stateDim;
  let worst = 0;
  for (let s = 0; s < d; s++) {
    const pure = Float64Array.from({ length: d }, (_, i) => (i === s ? 1 : 0));
    const [, second] = marginals(structure, pure);
    const expected = kroneckerVector(to, second);
    worst = Math.max(worst, largestDifference(matrix.subarray(s * d, s * d + d), expected));
  }
  return worst;
}

function residual(instance: ResetInstance): number {
  const { process, structure, to, maxLength = 2, second = "unchanged" } = instance;
  checkInteger("checkTheorem", "maxLength", maxLength, 1, 8);
  checkLength("checkTheorem", "initial", process.initial, structure.stateDim);
  const [{ name }] = structure.factors;
  const matrix = instance.matrix ?? resetFactor(structure, { factor: name, to }).matrix;
  checkLength("checkTheorem", "matrix", matrix, structure.stateDim ** 2);
  let worst = productDefect(instance, matrix);
  for (let length = 1; length <= maxLength; length++) {
    worst = Math.max(worst, globalDefect(instance, matrix, length));
    const other = second === "unchanged" ? specificDefect(instance, matrix, length) : tokenDefect(instance, length);
    worst = Math.max(worst, other);
  }
  return worst;
}

const law = (size: number, draw: number): Float64Array => {
  const values = Float64Array.from({ length: size }, (_, s) => 1 + ((draw * (s + 2)) % 7));
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
};

/** A static bit whose token chooses the bias of a coin: the second token's law changes with the bit. */
function chainOfCoins(): Process {
  const bit = createHmm({ operators: [[[0.9, 0], [0, 0.2]], [[0.1, 0], [0, 0.8]]], initial: [0.5, 0.5] }); // biome-ignore format: two matrices
  return chainProduct({ first: bit, variants: [coin({ p: 0.9 }), coin({ p: 0.3 })] });
}

const factored = personaZ1r({ variant: "factored" });
const reset = resetFactor(factored.structure, { factor: "persona", to: 1 }).matrix;

/**
 * T26: resetting one factor of a factored process changes its futures everywhere alike and nothing else.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { resetIsGlobal } from "@semifactor/sfp/theorems";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * const instance = { process, structure: process.structure, tokenSizes: [2, 2], to: [0, 1] } as const;
 * expect(checkTheorem(resetIsGlobal, { instance }).holds).toBe(true);
 * ```
 */
export const resetIsGlobal: Theorem<ResetInstance> = {
  id: "T26",
  name: "Resetting a factor is global and specific",
  statement:
    "Let $R = (w_A a') \\otimes I$ with $a' w_A = 1$. (i) $b R = a' \\otimes b_C$ for every belief $b$, product or not. (ii) If $T^{(u,y)} = A^u \\otimes C_u^y$ with $\\sum_y C_u^y w_C = w_C$ (a chain), then $P(u_{1:L} \\mid bR) = P_A(u_{1:L} \\mid a')$ for every $b$: the same at every capability state and after every history. (iii) Then also $P(u_{1:L}, y_{1:L} \\mid bR) = P_A(u_{1:L} \\mid a')\\, b_C C_{u_1}^{y_1} \\cdots C_{u_L}^{y_L} w_C$: the second factor's futures depend on the reset through the first's tokens alone. (iv) If $C_u^y = C^y$ (independent factors), $P(y_{1:L} \\mid bR) = P(y_{1:L} \\mid b)$.",
  status: "reconstruction",
  proof: `(i) $(bR)_{a'' c} = \\sum_a b_{ac} (w_A)_a\\, a'_{a''} = (b_C)_c\\, a'_{a''}$, with $b_C = w_A^T M_b$. No property of $b$ is used.

(ii), (iii) For a chain, $T^{(u_1,y_1)} \\cdots T^{(u_L,y_L)} = A^{u_1} \\cdots A^{u_L} \\otimes C_{u_1}^{y_1} \\cdots C_{u_L}^{y_L}$ by the mixed-product rule. Applied to $a' \\otimes b_C$ and $w = w_A \\otimes w_C$ this is (iii), with $P_A(u_{1:L} \\mid a') = a' A^{u_1} \\cdots A^{u_L} w_A$. Sum over $y_L$, then $y_{L-1}$, and so on: each sum turns $C_{u_t}^{y_t} w_C$ into $w_C$, and $b_C w_C = b w = 1$ remains. This is (ii); neither $b_C$ nor the history is in it.

(iv) With $C_u^y = C^y$, sum (iii) over $u_{1:L}$: $\\sum_u A^u w_A = w_A$ and $a' w_A = 1$ leave $b_C C^{y_1} \\cdots C^{y_L} w_C$. The same sum over $u$ before the reset contracts the first index of $b$ with $w_A$: $P(y_{1:L} \\mid b) = b\\,(w_A \\otimes C^{y_1} \\cdots C^{y_L} w_C) = b_C C^{y_1} \\cdots C^{y_L} w_C$, for correlated $b$ too.

In terms of columns, with $\\alpha_u = (\\sum_y T^{(u_1,y)}) \\cdots w$ and $\\gamma_y$ likewise, (ii) is $R\\alpha_u = P_A(u \\mid a')\\, w$ and (iv) is $R \\gamma_y = \\gamma_y$: finitely many numbers for each word, checked here for all beliefs at once.`,
  use: "What a single intervention on the alignment of a factored process does: the same everywhere, and nothing else. It says nothing of how long the change lasts (T28) or whether a network can make it by adding one vector (T27).",
  hypotheses: [
    { id: "factored", statement: "$T^{(u,y)} = A^u \\otimes C_u^y$ with $\\sum_y C_u^y w_C = w_C$." },
    { id: "independent", statement: "$C_u^y = C^y$ (for (iv) only)." },
    { id: "the whole factor", statement: "$R$ acts on the first factor, whatever the state of the second." },
  ],
  needs: "two factors and two token sizes, with operators of a chain",
  instanceOf(subject) {
    const structure = twoFactorsOf(subject);
    const [first, second, ...rest] = subject.tokenSizes ?? [];
    const { process } = subject;
    if (structure === undefined || first === undefined || second === undefined || rest.length > 0) return undefined;
    if (first * second !== process.alphabet.length) return undefined;
    const form = tokenForm(process, structure, [first, second]);
    if (form === "other") return undefined;
    const [to] = marginals(structure, process.initial);
    return {
      process,
      structure,
      tokenSizes: [first, second],
      to,
      second: form === "independent" ? "unchanged" : "through tokens",
    };
  },
  arbitrary: fc.oneof(
    fc.tuple(independentProcess(), fc.nat(6)).map(
      ([{ process, structure, tokenSizes, first }, draw]): ResetInstance => ({
        process,
        structure,
        tokenSizes,
        first,
        to: law(first.stateDim, draw),
      }),
    ),
    fc.tuple(chainedProcess(), fc.nat(6)).map(
      ([{ process, structure, tokenSizes, first }, draw]): ResetInstance => ({
        process,
        structure,
        tokenSizes,
        first,
        to: law(first.stateDim, draw),
        second: "through tokens",
      }),
    ),
  ),
  residual,
  tolerance: () => 1e-12,
  counterexamples: [
    {
      drops: "factored",
      description: "a process in general position: the capability's futures change and the alignment's depend on it",
      instance: {
        process: genericHmm({ seed: 1, dimensions: [2, 2], tokens: 4 }),
        structure: alignmentAndCapability(2, 2),
        tokenSizes: [2, 2],
        to: [0, 1],
      },
    },
    {
      drops: "factored",
      description: "P6 with marks that depend on the phase: the mark is not the same at every phase",
      instance: {
        process: personaZ1r({ variant: "semi-s" }),
        structure: factored.structure,
        tokenSizes: [2, 2],
        to: [0, 1],
        second: "through tokens",
      },
    },
    {
      drops: "independent",
      description: "a chain whose second factor follows the first's tokens",
      instance: {
        process: chainOfCoins(),
        structure: alignmentAndCapability(2, 1),
        tokenSizes: [2, 2],
        to: [0, 1],
      },
    },
    {
      drops: "the whole factor",
      description: "the persona of factored P6 is reset in the first phase only",
      instance: {
        process: factored,
        structure: factored.structure,
        tokenSizes: [2, 2],
        to: [0, 1],
        matrix: reset.map((value, i) => {
          const [row, column] = [Math.floor(i / 6), i % 6];
          return row % 3 === 0 ? value : Number(row === column);
        }),
      },
    },
  ],
};
