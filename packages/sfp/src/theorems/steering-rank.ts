import { checkInteger, dot, kroneckerVector, largestDifference } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { stochasticMatrix } from "../arbitraries/beliefs.ts";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { flipFactor } from "../intervention/flip-factor.ts";
import { matrixRank, minusIdentity } from "../intervention/intervention.ts";
import { type BeliefCode, steeringError } from "../intervention/steering-error.ts";
import { marginals } from "../structure/marginals.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A map of the first factor and an ensemble of beliefs on which it acts. */
export interface SteeringInstance {
  /** `[dA, dC]` */
  readonly dimensions: readonly [number, number];
  /** `F`, `[dA][dA]`, with rows that sum to one. */
  readonly map: readonly ArrayLike<number>[];
  /** Joint beliefs, `[count][dA dC]`: products with the same first factor. */
  readonly beliefs: readonly ArrayLike<number>[];
  /** `[count]` */
  readonly weights: ArrayLike<number>;
  /** The code in which one constant vector is claimed to do it; `direct-sum` by default. */
  readonly code?: BeliefCode;
  /** A vector claimed to be the best constant one in the joint code, `[dA dC]`; the mean change by default. */
  readonly vector?: ArrayLike<number>;
}

/** `E |b (F (x) I) - b - vector|^2`, by the definition. */
function squaredError(changes: readonly Float64Array[], weights: ArrayLike<number>, vector: ArrayLike<number>): number {
  return changes.reduce((sum, change, n) => {
    const square = change.reduce((total, value, i) => total + (value - (vector[i] ?? 0)) ** 2, 0);
    return sum + (weights[n] ?? 0) * square;
  }, 0);
}

/** `|a' - a|^2 tr Cov(c)`, with `a` that of the first belief. */
function predictedError({ beliefs, weights, dimensions, map }: SteeringInstance): number {
  const structure = alignmentAndCapability(...dimensions);
  const pairs = beliefs.map((belief) => marginals(structure, belief));
  const a = pairs[0]?.[0] ?? new Float64Array(0);
  const moved = Float64Array.from(a, (_, to) => map.reduce((sum, row, s) => sum + (a[s] ?? 0) * (row[to] ?? 0), 0));
  const distance = moved.reduce((sum, value, s) => sum + (value - (a[s] ?? 0)) ** 2, 0);
  const mean = new Float64Array(dimensions[1]);
  pairs.forEach(([, c], n) => {
    c.forEach((value, s) => {
      mean[s] = (mean[s] ?? 0) + (weights[n] ?? 0) * value;
    });
  });
  const square = pairs.reduce((sum, [, c], n) => sum + (weights[n] ?? 0) * dot(c, c), 0);
  return distance * (square - dot(mean, mean));
}

function residual(instance: SteeringInstance): number {
  const { dimensions, map, beliefs, weights, code = "direct-sum" } = instance;
  const [dA, dC] = dimensions;
  checkInteger("checkTheorem", "dA", dA, 1, 16);
  checkLength("checkTheorem", "map", map, dA);
  const structure = alignmentAndCapability(dA, dC);
  const flip = flipFactor(structure, { factor: "alignment", map });
  const own = matrixRank(minusIdentity(Float64Array.from(map.flatMap((row) => Array.from(row))), dA), dA);
  const joint = matrixRank(minusIdentity(flip.matrix, dA * dC), dA * dC);

  const steered = steeringError(structure, flip, { beliefs, weights });
  const changes = beliefs.map((belief) => flip.apply(belief).map((value, s) => value - (belief[s] ?? 0)));
  const vector = instance.vector ?? steered.vector;
  checkLength("checkTheorem", "vector", vector, dA * dC);
  const error = squaredError(changes, weights, vector);
  // the optimum is a stationary point of the error, and the only one: a step of 1/2 adds exactly 1/4
  const slopes = Array.from(vector, (_, i) => {
    const step = (h: number): Float64Array => Float64Array.from(vector, (value, j) => (i === j ? value + h : value));
    return Math.abs(squaredError(changes, weights, step(0.5)) - error - 0.25);
  });
  const exact = steeringError(structure, flip, { beliefs, weights, code }).error;
  return Math.max(
    Math.abs(joint - own * dC),
    Math.abs(error - predictedError(instance)),
    largestDifference(Float64Array.from(vector), steered.vector),
    ...slopes,
    exact,
  );
}

const weightsOf = (count: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: count, maxLength: count }).map((draws) => {
    const total = draws.reduce((sum, value) => sum + value, 0);
    return draws.map((value) => value / total);
  });

const rowsOf = (matrix: Float64Array, columns: number): readonly Float64Array[] =>
  Array.from({ length: matrix.length / columns }, (_, i) => matrix.slice(i * columns, (i + 1) * columns));

const size = fc.integer({ min: 1, max: 4 });
const count = fc.integer({ min: 1, max: 5 });

const swap = [Float64Array.of(0, 1), Float64Array.of(1, 0)];
const known = [Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 1, 0, 0)];
const pair: SteeringInstance = { dimensions: [2, 2], map: swap, beliefs: known, weights: [0.5, 0.5] };

/**
 * T27: one constant vector makes a change of one factor if and only if the code keeps that factor apart.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { steeringRank } from "@semifactor/sfp/theorems";
 *
 * // a = (1, 0), c = (1, 0) or (0, 1)
 * const beliefs = [[1, 0, 0, 0], [0, 1, 0, 0]];
 * const instance = { dimensions: [2, 2], map: [[0, 1], [1, 0]], beliefs, weights: [0.5, 0.5] } as const;
 * expect(checkTheorem(steeringRank, { instance }).holds).toBe(true);
 * expect(steeringRank.residual({ ...instance, code: "joint" })).toBe(1); // |a' - a|^2 tr Cov(c) = 2 / 2
 * ```
 */
export const steeringRank: Theorem<SteeringInstance> = {
  id: "T27",
  name: "One steering vector works if and only if the code is a direct sum",
  statement:
    "Let $F$ act on $V_A$ with $F w_A = w_A$ and $r = \\operatorname{rank}(F - I)$. (i) On joint beliefs the change $(F - I) \\otimes I$ has rank $r\\, d_C$. (ii) On the direct-sum code $[b_A; b_C]$ it has rank $r$, and on products $a \\otimes c$ with fixed $a$ it is the constant vector $[a' - a; 0]$, $a' = aF$, for every $c$. (iii) Over an ensemble of such products the constant vector that is best in the joint code is the mean change $(a' - a) \\otimes E[c]$, and leaves the mean squared error $|a' - a|^2 \\operatorname{tr} \\operatorname{Cov}(c)$: zero only if $a' = a$ or $c$ is constant.",
  status: "reconstruction",
  proof: `(i) $F \\otimes I - I \\otimes I = (F - I) \\otimes I$, and the rank of a Kronecker product is the product of the ranks (the singular values of $X \\otimes Y$ are the products of theirs).

(ii) $b(F \\otimes I)$ has the marginals $b_A F$ and, as $F w_A = w_A$, $b_C$. So the code changes by $[b_A(F - I); 0]$, the image of $[b_A; b_C]$ under $(F - I) \\oplus 0$, which has rank $r$. If $b_A = a$ throughout, this is one vector.

(iii) The change of $a \\otimes c$ in the joint code is $\\Delta(c) = (a' - a) \\otimes c$. For any random vector $\\Delta$ and constant $v$, $E|\\Delta - v|^2 = \\operatorname{tr}\\operatorname{Cov}(\\Delta) + |v - E\\Delta|^2$: the optimum is $v = E\\Delta = (a' - a) \\otimes E[c]$, and it is the only one. What is left is $E|(a' - a) \\otimes (c - E[c])|^2 = |a' - a|^2\\, E|c - E[c]|^2$, since $|x \\otimes y| = |x||y|$. Both factors are non-negative, the second zero only if $c$ is constant almost surely.`,
  use: "What a rank-one edit of a network can do is decided by its code, not by the process: given a factored process, exact steering by one vector tests whether the representation is a direct sum. That a network has such a code is a hypothesis, to be measured.",
  hypotheses: [
    { id: "direct sum", statement: "The code in which one vector is claimed exact is $[b_A; b_C]$ (for (ii))." },
    { id: "fixed a", statement: "All beliefs have the same first factor $a$ (for (ii) and (iii))." },
    { id: "products", statement: "The beliefs are products $a \\otimes c$ (for (iii))." },
    { id: "mean", statement: "The vector is the mean of the changes (for (iii))." },
  ],
  needs: "two factors with normalizers of ones",
  instanceOf(subject) {
    const structure = twoFactorsOf(subject);
    const plain = structure?.factors.every(({ normalizer }) => normalizer.every((value) => value === 1));
    if (structure === undefined || plain !== true) return undefined;
    const [{ dimension: dA }, { dimension: dC }] = structure.factors;
    if (dA > 16) return undefined;
    const a = Float64Array.from({ length: dA }, (_, s) => Number(s === 0));
    const reached = reachedBeliefs(subject.process, 1);
    const total = reached.reduce((sum, { probability }) => sum + probability, 0);
    return {
      dimensions: [dA, dC],
      map: Array.from({ length: dA }, (_, s) =>
        Float64Array.from({ length: dA }, (__, to) => Number(to === (s + 1) % dA)),
      ),
      beliefs: reached.map(({ belief }) => kroneckerVector(a, marginals(structure, belief)[1])),
      weights: reached.map(({ probability }) => probability / total),
    };
  },
  arbitrary: fc
    .tuple(size, size, count)
    .chain(([dA, dC, n]) =>
      fc.record({
        map: stochasticMatrix(dA, dA),
        a: stochasticMatrix(1, dA),
        c: stochasticMatrix(n, dC),
        weights: weightsOf(n),
        dimensions: fc.constant([dA, dC] as const),
      }),
    )
    .map(({ map, a, c, weights, dimensions }): SteeringInstance => {
      const [dA, dC] = dimensions;
      return {
        dimensions,
        map: rowsOf(map, dA),
        beliefs: rowsOf(c, dC).map((second) => kroneckerVector(a, second)),
        weights,
      };
    }),
  residual,
  tolerance: () => 1e-12,
  counterexamples: [
    {
      drops: "direct sum",
      description: "two known capability states in the joint code: no vector fits both, error |a' - a|^2 tr Cov(c) = 1",
      instance: { ...pair, code: "joint" },
    },
    {
      drops: "fixed a",
      description: "both alignment states occur: they move in opposite directions",
      instance: { ...pair, beliefs: [Float64Array.of(1, 0, 0, 0), Float64Array.of(0, 0, 1, 0)] },
    },
    {
      drops: "products",
      description: "correlated beliefs with the same alignment law: the error is not |a' - a|^2 tr Cov(c)",
      instance: {
        ...pair,
        beliefs: [Float64Array.of(0.7, 0, 0, 0.3), Float64Array.of(0, 0.7, 0.3, 0)],
      },
    },
    {
      drops: "mean",
      description: "the change at one of two capability states in the place of the mean",
      instance: { ...pair, vector: [-1, 0, 1, 0] },
    },
  ],
};
