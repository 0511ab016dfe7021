import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { jointBelief, stochasticMatrix } from "../arbitraries/beliefs.ts";
import {
  type Dimensions,
  mutualInformation,
  partialTrace,
  pureDensity,
  schmidt,
  squareRootState,
  vonNeumannEntropy,
} from "../entanglement/index.ts";
import { appliedToFirst, isometry } from "./_internal/maps.ts";
import { initialProbabilitiesOf } from "./_internal/subject.ts";

/** Schmidt entropy of square roots, of the belief as amplitudes, or mutual information. */
export type CorrelationMeasure = "sqrt" | "amplitude" | "information";

/** A belief of two factors and a map of the first: which of the claims is checked. */
export interface LocalMapInstance {
  readonly belief: ArrayLike<number>;
  readonly dimensions: Dimensions;
  /**
   * `orthogonal`: the measure does not change; `splitting`: the map clones states in fixed ratios, the measure does not change;
   * `kraus`: `map` is a stack of operators that act on the square-root state, the mean entropy does not grow; `stochastic`: the
   * measure does not grow.
   */
  readonly claim: "orthogonal" | "splitting" | "kraus" | "stochastic";
  /** Row-major `[dA, dA']`, for `kraus` a stack `[operators * dA, dA]` of operators `K` acting as `K psi`. */
  readonly map: ArrayLike<number>;
  /** What is measured: the one that the claim is about by default. */
  readonly measure?: CorrelationMeasure;
}

function measured(belief: ArrayLike<number>, dimensions: Dimensions, measure: CorrelationMeasure): number {
  if (measure === "information") return mutualInformation(belief, dimensions);
  return schmidt(belief, dimensions, { embedding: measure }).entropy;
}

/** The mean entropy of `K_j psi`, weighted by their squared norms, for operators stacked on each other. */
function meanAfterKraus(psi: ArrayLike<number>, [dA, dC]: Dimensions, stack: ArrayLike<number>): number {
  let mean = 0;
  for (let at = 0; at < stack.length; at += dA * dA) {
    const after = new Float64Array(dA * dC);
    for (let i = 0; i < dA; i++)
      for (let j = 0; j < dA; j++)
        for (let c = 0; c < dC; c++) {
          after[i * dC + c] = (after[i * dC + c] ?? 0) + (stack[at + i * dA + j] ?? 0) * (psi[j * dC + c] ?? 0);
        }
    const probability = after.reduce((sum, value) => sum + value * value, 0);
    if (probability < 1e-14) continue;
    const state = after.map((value) => value / Math.sqrt(probability));
    mean += probability * vonNeumannEntropy(partialTrace(pureDensity(state), [dA, dC], { keep: "second" }));
  }
  return mean;
}

const MEASURE = { orthogonal: ["amplitude"], splitting: ["sqrt", "information"], stochastic: ["information"] } as const;

function residual({ belief, dimensions, claim, map, measure }: LocalMapInstance): number {
  const [dA, dC] = dimensions;
  if (claim === "kraus") {
    const before = schmidt(belief, dimensions, { embedding: "sqrt" }).entropy;
    return Math.max(0, meanAfterKraus(squareRootState(belief, dimensions), dimensions, map) - before);
  }
  const after = appliedToFirst(belief, map, dC);
  const measures = measure === undefined ? MEASURE[claim] : [measure];
  return measures.reduce((worst, one) => {
    const change = measured(after, [map.length / dA, dC], one) - measured(belief, dimensions, one);
    return Math.max(worst, claim === "stochastic" ? change : Math.abs(change));
  }, 0);
}

/** Row-stochastic maps that clone some states in fixed ratios. */
const splitting = (dA: number) =>
  fc.array(fc.double({ min: 0.1, max: 0.9, noNaN: true }), { minLength: dA, maxLength: dA }).map((ratios) => {
    const map = new Float64Array(dA * 2 * dA);
    ratios.forEach((ratio, a) => {
      map[a * 2 * dA + 2 * a] = ratio;
      map[a * 2 * dA + 2 * a + 1] = 1 - ratio;
    });
    return map;
  });

/** The merge that raises the Schmidt entropy of square roots: 1.041396 to 1.087329 bits, while I falls .663028 to .573028. */
const MERGED = [0.21, 0.25, 0, 0, 0, 0.045, 0, 0.045, 0, 0.2, 0, 0.25];

/**
 * T21: what local processing does to the measures of correlation of a belief: which are kept, which can only fall, and which can grow
 * and are therefore no measures of correlation for such maps. In part standard, in part by this project.
 *
 * @example
 * ```ts
 * import { checkTheorem, type Theorem } from "@semifactor/ghmm/theorems";
 * import { type LocalMapInstance, localMaps } from "@semifactor/sfp/theorems";
 *
 * // merging the two states of a bit leaves no information
 * const instance: LocalMapInstance = { belief: [0.5, 0, 0, 0.5], dimensions: [2, 2], claim: "stochastic", map: [1, 1] };
 * expect(checkTheorem(localMaps, { instance }).holds).toBe(true);
 * ```
 */
export const localMaps: Theorem<LocalMapInstance> = {
  id: "T21",
  name: "What local maps do to correlation",
  statement:
    "(a) $S_{amp}$ does not change under a local orthogonal map; (b) $S_{sqrt}$ and $I$ do not change when states of one factor are split into clones in fixed ratios; (c) under local operators with $\\sum_j K_j^T K_j = 1$ the mean Schmidt entropy of the outcomes of the pure state $\\sqrt b$ does not grow; (d) $I$ does not grow under a local stochastic map. (e) $S_{sqrt}$ can grow under local stochastic maps, and (f) so can $S_{amp}$, which also changes under splitting.",
  status: "reconstruction",
  proof:
    "(a) $M \\to O^T M$ keeps singular values and norm. (b) Cloning multiplies row $a$ of $\\sqrt M$ by the unit vector of square roots of the ratios: an isometry on $A$, which keeps singular values; the clones' ratio is independent of $C$, so $I$ is kept. (c) (Vidal) $\\rho_C = \\sum_j p_j \\rho_C^j$ because operations on $A$ do not act on $C$, and entropy is concave: $\\sum_j p_j S(\\rho_C^j) \\le S(\\rho_C)$, the two sides being mean Schmidt entropy after and before. (d) is the data processing inequality. (e), (f): the instances below.",
  use: "Says which number may be compared across different state spaces. $I$ may; $S_{sqrt}$ may be compared only between beliefs with the same states up to clones, and $S_{amp}$ only in one fixed basis.",
  hypotheses: [
    { id: "orthogonal map", statement: "(a): the map is orthogonal." },
    { id: "fixed ratios of square roots", statement: "(b): the measure is $S_{sqrt}$ or $I$." },
    {
      id: "complete operators",
      statement: "(c): $\\sum_j K_j^T K_j = 1$, and outcomes are weighted by their probabilities.",
    },
    { id: "information", statement: "(d): the measure is $I$." },
  ],
  needs: "two factors and a non-negative initial state",
  instanceOf(subject) {
    const law = initialProbabilitiesOf(subject);
    if (law === undefined) return undefined;
    const [dA] = law.dimensions;
    // all states of the first factor merged into two: the coarsest map that need not lose everything
    const map = Float64Array.from({ length: 2 * dA }, (_, i) => ((i >> 1) % 2 === i % 2 ? 1 : 0));
    return { ...law, claim: "stochastic", map };
  },
  arbitrary: jointBelief().chain(({ belief, dimensions }) => {
    const [dA] = dimensions;
    const instance = <Claim extends LocalMapInstance["claim"]>(claim: Claim, maps: fc.Arbitrary<Float64Array>) =>
      maps.map((map) => ({ belief, dimensions, claim, map }));
    return fc.oneof(
      instance("orthogonal", isometry(dA, dA)),
      instance("splitting", splitting(dA)),
      instance("kraus", isometry(2 * dA, dA)),
      fc.integer({ min: 1, max: 4 }).chain((columns) => instance("stochastic", stochasticMatrix(dA, columns))),
    );
  }),
  residual,
  tolerance: () => 1e-10,
  counterexamples: [
    {
      drops: "orthogonal map",
      description: "(a) an invertible local map that is not orthogonal: the first row of a correlated belief halved",
      instance: { belief: [0.5, 0, 0, 0.5], dimensions: [2, 2], claim: "orthogonal", map: [0.5, 0, 0, 1] },
    },
    {
      drops: "fixed ratios of square roots",
      description: "(b) one state split in two equal clones changes S_amp",
      instance: {
        belief: [0.4, 0.1, 0.1, 0.4],
        dimensions: [2, 2],
        claim: "splitting",
        map: [0.5, 0.5, 0, 0, 0, 1],
        measure: "amplitude",
      },
    },
    {
      drops: "complete operators",
      description:
        "(c) a filter that evens out 9 to 1, scaled as if it never failed: the state becomes maximally entangled",
      instance: {
        belief: [0.9, 0, 0, 0.1],
        dimensions: [2, 2],
        claim: "kraus",
        map: [Math.sqrt(5 / 9), 0, 0, Math.sqrt(5)],
      },
    },
    {
      drops: "information",
      description:
        "(e) merging the second and third of four states raises S_sqrt from 1.041396 to 1.087329 bits, while I falls",
      instance: {
        belief: MERGED,
        dimensions: [4, 3],
        claim: "stochastic",
        map: [1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1],
        measure: "sqrt",
      },
    },
    {
      drops: "information",
      description: "(f) a noisy copy of the first factor raises S_amp",
      instance: {
        belief: [0.24, 0, 0.02, 0.74],
        dimensions: [2, 2],
        claim: "stochastic",
        map: [0, 1, 0.75, 0.25],
        measure: "amplitude",
      },
    },
  ],
};
