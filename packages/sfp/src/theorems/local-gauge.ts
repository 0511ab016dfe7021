import { changeBasis, type Process, singularValueDecomposition } from "@semifactor/ghmm";
import { kronecker, matrixTimesVector, multiply } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { independentProcess } from "../arbitraries/products.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { operatorSchmidt } from "../discover/index.ts";
import { type Dimensions, schmidt } from "../entanglement/index.ts";
import { families } from "../families/namespace.ts";
import { type ReachedBelief, reachedBeliefs } from "./_internal/beliefs.ts";
import { invertible, isometry, transposed } from "./_internal/maps.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors and a change of basis of its state space. */
export interface LocalGaugeInstance {
  readonly process: Process;
  readonly dimensions: Dimensions;
  /** `S`, row-major `[d, d]`: `S_A (x) S_C` where the theorem holds. */
  readonly basis: ArrayLike<number>;
  /** Claim also that amplitude Schmidt entropies are kept, as they are by orthogonal bases. */
  readonly entropies?: boolean;
}

const RANK_TOLERANCE = 1e-8;
/** Standard deviation of a belief along a direction that counts as none. */
const NO_VARIATION = 1e-7;

/** Number of singular values above 1e-8 of the largest. */
function rank(matrix: ArrayLike<number>, shape: Dimensions): number {
  const { values } = singularValueDecomposition(matrix, shape);
  return values.filter((value) => value > RANK_TOLERANCE * (values[0] ?? 0)).length;
}

/** Orthonormal basis of the columns of points `[n][d]`, less their mean, scaled by the square roots of their probabilities. */
function columnSpace(points: readonly Float64Array[], probabilities: readonly number[]): Float64Array {
  const d = points[0]?.length ?? 0;
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  const mean = new Float64Array(d);
  points.forEach((point, i) => {
    for (let s = 0; s < d; s++) mean[s] = (mean[s] ?? 0) + ((probabilities[i] ?? 0) / total) * (point[s] ?? 0);
  });
  const rows = points.flatMap((point, i) =>
    Array.from(point, (value, s) => Math.sqrt(probabilities[i] ?? 0) * (value - (mean[s] ?? 0))),
  );
  const { left, values } = singularValueDecomposition(rows, [points.length, d]);
  // directions in which the beliefs do not vary have no correlation
  const kept = values.filter((value) => value > NO_VARIATION).length;
  const k = values.length;
  return Float64Array.from(
    { length: points.length * kept },
    (_, i) => left[Math.floor(i / kept) * k + (i % kept)] ?? 0,
  );
}

/** Canonical correlations of the beliefs about the two factors, over words weighted by their probabilities, largest first. */
function canonicalCorrelations(
  reached: readonly ReachedBelief[],
  normalizer: Float64Array,
  [dA, dC]: Dimensions,
): readonly number[] {
  // the factors' normalizers up to a scale, which correlations ignore: a row and a column of their product
  const pivot = normalizer.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(normalizer[best] ?? 0) ? i : best),
    0,
  );
  const [row, column] = [Math.floor(pivot / dC), pivot % dC];
  const probabilities = reached.map(({ probability }) => probability);
  const first = reached.map(({ belief }) => matrixTimesVector(belief, normalizer.slice(row * dC, (row + 1) * dC)));
  const wA = Float64Array.from({ length: dA }, (_, a) => normalizer[a * dC + column] ?? 0);
  const second = reached.map(({ belief }) => matrixTimesVector(transposed(belief, dC), wA));
  const [x, y] = [columnSpace(first, probabilities), columnSpace(second, probabilities)];
  const n = reached.length;
  if (x.length === 0 || y.length === 0) return [];
  const cross = multiply(transposed(x, x.length / n), y, n);
  return Array.from(singularValueDecomposition(cross, [x.length / n, y.length / n]).values);
}

function residual({ process, dimensions, basis, entropies = false }: LocalGaugeInstance): number {
  const d = process.stateDim;
  const rows = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => basis[i * d + j] ?? 0));
  const image = changeBasis(process, rows);
  const length = Math.max(1, Math.floor(Math.log(64) / Math.log(process.alphabet.length + 1)));
  const [before, after] = [process, image].map((one) => reachedBeliefs(one, length));
  let worst = Math.abs((before?.length ?? 0) - (after?.length ?? 0));
  if (before !== undefined && after !== undefined) {
    const [own, turned] = [
      canonicalCorrelations(before, process.normalizer, dimensions),
      canonicalCorrelations(after, image.normalizer, dimensions),
    ];
    // a correlation that only one of them has is an angle between directions of no variation
    own.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - (turned[i] ?? value)));
    });
  }
  before?.forEach(({ belief }, i) => {
    const turned = after?.[i]?.belief ?? belief;
    worst = Math.max(worst, Math.abs(rank(belief, dimensions) - rank(turned, dimensions)));
    if (!entropies) return;
    const [own, other] = [belief, turned].map((one) => schmidt(one, dimensions, { embedding: "amplitude" }).entropy);
    worst = Math.max(worst, Math.abs((own ?? 0) - (other ?? 0)));
  });
  const operatorRank = (one: Process, token: number) => {
    const { singularValues } = operatorSchmidt(one.operator(token), dimensions);
    return singularValues.filter((value) => value > RANK_TOLERANCE * (singularValues[0] ?? 0)).length;
  };
  process.alphabet.forEach((_, token) => {
    worst = Math.max(worst, Math.abs(operatorRank(process, token) - operatorRank(image, token)));
  });
  return worst;
}

/** A rotation of the plane of the first two coordinates by 45 degrees. */
function mixFirstTwo(d: number): Float64Array {
  const s = Math.SQRT1_2;
  return Float64Array.from({ length: d * d }, (_, i) => {
    const [row, column] = [Math.floor(i / d), i % d];
    if (row > 1 || column > 1) return row === column ? 1 : 0;
    return row === 1 && column === 0 ? -s : s;
  });
}

const labels = families.staticLabels({ alpha: 0.5 });

/**
 * T24: a change of basis of each factor keeps the Schmidt rank of every belief and of every operator, and no Schmidt entropy unless it is
 * orthogonal. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { localGauge } from "@semifactor/sfp/theorems";
 *
 * const process = families.staticLabels({ alpha: 0.5 });
 * // [[1, 1], [0, 1]] on the alignment label, nothing on the other
 * const basis = [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1];
 * expect(checkTheorem(localGauge, { instance: { process, dimensions: [2, 2], basis } }).holds).toBe(true);
 * ```
 */
export const localGauge: Theorem<LocalGaugeInstance> = {
  id: "T24",
  name: "A change of basis of each factor keeps ranks, not entropies",
  statement:
    "In the basis $S = S_A \\otimes S_C$ every belief keeps its Schmidt rank, in particular products stay products, and every operator keeps its operator-Schmidt rank; and the canonical correlations between the beliefs $b_A(h)$ and $b_C(h)$, over words $h$ with their probabilities, are kept. If $S_A$ and $S_C$ are orthogonal, the amplitude Schmidt entropy of every belief is kept too.",
  status: "standard",
  proof:
    "A belief changes as $b \\to b S^{-1}$, its matrix as $M \\to S_A^{-T} M S_C^{-1}$, and multiplication by invertible matrices keeps the rank; by orthogonal ones also the singular values. An operator changes as $T = \\sum_k A_k \\otimes C_k \\to \\sum_k S_A A_k S_A^{-1} \\otimes S_C C_k S_C^{-1}$, a sum of as many terms; the inverse change shows that it does not need fewer. The beliefs about each factor change by its own invertible map, of which canonical correlations do not depend. The group of pairs $(S_A, S_C)$ moves any matrix of rank $r$ to any other: a continuous measure of one belief that all local bases leave alone is a function of the rank.",
  use: "Ranks need a tensor structure and nothing else; every entropy of a belief also needs a metric. For HMMs that is the basis of states.",
  hypotheses: [
    { id: "local basis", statement: "$S = S_A \\otimes S_C$." },
    { id: "orthogonal basis", statement: "$S_A$ and $S_C$ are orthogonal (for the entropies)." },
  ],
  needs: "two factors with the normalizer of the process",
  instanceOf(subject) {
    // marginals are taken with the normalizer of the other factor
    const structure = twoFactorsOf(subject);
    if (structure === undefined) return undefined;
    const [first, second] = structure.factors;
    const dimensions = [first.dimension, second.dimension] as const;
    const upper = (d: number) =>
      Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : i % d > i / d ? 0.5 : 0));
    return {
      process: subject.process,
      dimensions,
      basis: kronecker(upper(dimensions[0]), dimensions[0], upper(dimensions[1]), dimensions[1]),
    };
  },
  arbitrary: fc
    .oneof(
      semiFactoredProcess({ maxTokens: 2 }).map((process) => ({ process, structure: process.structure })),
      independentProcess({ maxStates: 3, maxTokens: 2 }),
    )
    .chain(({ process, structure }) => {
      const [a, c] = structure.factors;
      const dimensions = [a.dimension, c.dimension] as const;
      const local = (size: (d: number) => fc.Arbitrary<Float64Array>) =>
        fc.tuple(size(a.dimension), size(c.dimension)).map(([x, y]) => kronecker(x, a.dimension, y, c.dimension));
      return fc.oneof(
        local(invertible).map((basis) => ({ process, dimensions, basis })),
        local((d) => isometry(d, d)).map((basis) => ({ process, dimensions, basis, entropies: true })),
      );
    }),
  residual,
  tolerance: () => 1e-9,
  counterexamples: [
    {
      drops: "local basis",
      description:
        "two of the four joint states of independent labels rotated into each other: operators of rank one get rank two",
      instance: { process: labels, dimensions: [2, 2], basis: mixFirstTwo(4) },
    },
    {
      drops: "orthogonal basis",
      description: "one state of the alignment label stretched by 3: the entropy of correlated labels changes",
      instance: {
        process: labels,
        dimensions: [2, 2],
        basis: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3],
        entropies: true,
      },
    },
  ],
};
