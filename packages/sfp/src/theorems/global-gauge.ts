import { changeBasis, type Process } from "@semifactor/ghmm";
import { dot, largestDifference, wordProbabilities } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { independentProcess } from "../arbitraries/products.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { findBlocks } from "../discover/index.ts";
import type { Dimensions } from "../entanglement/index.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { staticLabels } from "../families/static-labels.ts";
import { structureOf } from "./_internal/subject.ts";

/** A process over two factors and the belief that its start is made into. */
export interface GlobalGaugeInstance {
  readonly process: Process;
  readonly dimensions: Dimensions;
  /** The belief that the new basis gives to the start, `[dA * dC]`, of the same product with the normalizer: any one. */
  readonly target: ArrayLike<number>;
  /** Change all parts of the process (default), or its initial state alone. */
  readonly parts?: "all" | "initial state";
  /** Any basis (default), or bases `S_A (x) S_C` only: of those the identity is used. */
  readonly basis?: "global" | "local";
}

/** `S = I + w (b - p)`, for which `S w = w` and `p S = b`. */
function shear(initial: Float64Array, target: ArrayLike<number>, normalizer: Float64Array): number[][] {
  return Array.from(normalizer, (w, i) =>
    Array.from(initial, (value, j) => (i === j ? 1 : 0) + w * (value - (target[j] ?? 0))),
  );
}

function residual(instance: GlobalGaugeInstance): number {
  const { process, target, parts = "all", basis = "global" } = instance;
  const norm = dot(Float64Array.from(target), process.normalizer);
  if (Math.abs(norm - 1) > 1e-9) return Number.POSITIVE_INFINITY;
  const start = Float64Array.from(target);
  let image: Process = process;
  if (basis === "global" && parts === "all")
    image = changeBasis(process, shear(process.initial, target, process.normalizer));
  if (parts === "initial state") {
    const { alphabet, stateDim, normalizer, certificate } = process;
    image = {
      alphabet,
      stateDim,
      normalizer,
      certificate,
      initial: start,
      step: (belief, token, out) => process.step(belief, token, out),
      operator: (token) => process.operator(token),
    };
  }
  const length = Math.max(1, Math.floor(Math.log(256) / Math.log(process.alphabet.length + 1)));
  return Math.max(
    largestDifference(image.initial, start),
    largestDifference(image.normalizer, process.normalizer),
    largestDifference(wordProbabilities(image, length), wordProbabilities(process, length)),
    Math.abs(findBlocks(image).commutantDimension - findBlocks(process).commutantDimension),
  );
}

const uniform = (length: number): readonly number[] => new Array<number>(length).fill(1 / length);

/**
 * T25: a change of basis makes any belief into any other, product or not, and keeps every word: how factored a belief is belongs to the
 * process together with its tensor structure, or to its tokens. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { globalGauge } from "@semifactor/sfp/theorems";
 *
 * // correlated labels, in a basis where their belief is a product
 * const process = families.staticLabels({ alpha: 1 });
 * const instance = { process, dimensions: [2, 2], target: [0.25, 0.25, 0.25, 0.25] } as const;
 * expect(checkTheorem(globalGauge, { instance }).holds).toBe(true);
 * ```
 */
export const globalGauge: Theorem<GlobalGaugeInstance> = {
  id: "T25",
  name: "A change of basis makes and unmakes products",
  statement:
    "For any belief $b$ and any vector $p$ with $p w = 1$, product or not, $S = 1 + w (b - p)$ is invertible with $S w = w$ and $b S^{-1} = p$. The process in the basis $S$ has the same words and the same commutant dimension.",
  status: "standard",
  proof:
    "$(b - p) w = 0$, so $(w (b - p))^2 = 0$ and $S^{-1} = 1 - w (b - p)$. $S w = w + w (b - p) w = w$, and $p S = p + (p w)(b - p) = b$. Words are kept by T4. If $X$ commutes with every $T^x$ then $S X S^{-1}$ commutes with every $S T^x S^{-1}$, and conversely, so that the two commutants are isomorphic; and what is computed from words alone, such as $I(U_{1:L} : Y_{1:L})$, is the same.",
  use: "A degree of factorization without a declared tensor structure, or a quantity that is made of tokens, does not exist: report the structure with the number. The commutant (T14) and the mutual information of token parts do not depend on it.",
  hypotheses: [
    { id: "any basis", statement: "$S$ is any invertible matrix, not only a local one $S_A \\otimes S_C$." },
    { id: "all parts", statement: "Operators, initial state and normalizer are all changed." },
  ],
  needs: "two factors",
  instanceOf(subject) {
    const factors = structureOf(subject)?.factors;
    const { process } = subject;
    if (factors?.length !== 2) return undefined;
    const total = process.normalizer.reduce((sum, value) => sum + value * value, 0);
    return {
      process,
      dimensions: [factors[0].dimension, factors[1].dimension],
      // a product, since the normalizer is one
      target: process.normalizer.map((value) => value / total),
    };
  },
  arbitrary: fc
    .oneof(
      semiFactoredProcess().map((process) => ({ process, structure: process.structure })),
      independentProcess({ maxStates: 3, maxTokens: 2 }),
    )
    .chain(({ process, structure }) => {
      const entry = fc.double({ min: 0.01, max: 1, noNaN: true });
      const [a, c] = structure.factors;
      return fc.array(entry, { minLength: process.stateDim, maxLength: process.stateDim }).map((drawn) => {
        const total = drawn.reduce((sum, value) => sum + value, 0);
        return {
          process,
          dimensions: [a.dimension, c.dimension] as const,
          target: drawn.map((value) => value / total),
        };
      });
    }),
  residual,
  tolerance: () => 1e-10,
  counterexamples: [
    {
      drops: "any basis",
      description:
        "perfectly correlated labels have Schmidt rank 2 in every local basis (T24), so no local one makes them uniform",
      instance: { process: staticLabels({ alpha: 1 }), dimensions: [2, 2], target: uniform(4), basis: "local" },
    },
    {
      drops: "all parts",
      description: "the initial state of a persona replaced, the operators kept: other words",
      instance: {
        process: personaMess3({ theta: 1 }),
        dimensions: [2, 3],
        target: [1, 0, 0, 0, 0, 0],
        parts: "initial state",
      },
    },
  ],
};
