import { createHmm, type Process, singularValueDecomposition } from "@semifactor/ghmm";
import { operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { nearestKronecker } from "../discover/nearest-kronecker.ts";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import type { Dimensions } from "../entanglement/density-matrix.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { genericHmm, genericLaw } from "./_internal/generic-hmm.ts";
import { twoFactorsOf } from "./_internal/two-factors.ts";

/** A process over two factors, every state of the first of which is claimed to be a sector of its own. */
export interface OneDimensionalSectorsInstance {
  readonly process: Process;
  /** `[dA, dC]`, whose product is the number of states. */
  readonly dimensions: Dimensions;
}

/** What is this much smaller than the largest singular value or entry is zero. */
const ZERO = 1e-10;

const norm = (vector: Float64Array): number => Math.hypot(...vector);

/** The operators inside the sectors, `C_i[c, c'] = T[(i, c), (i, c')]`. */
function sectorOperators(operator: Float64Array, [dA, dC]: Dimensions): readonly Float64Array[] {
  const d = dA * dC;
  return Array.from({ length: dA }, (_, i) =>
    Float64Array.from({ length: dC * dC }, (__, at) => {
      return operator[(i * dC + Math.floor(at / dC)) * d + i * dC + (at % dC)] ?? 0;
    }),
  );
}

/** Whether all are multiples of the largest, without a decomposition: what is left of each after its projection. */
function areProportional(operators: readonly Float64Array[]): boolean {
  const largest = operators.reduce((best, operator) => (norm(operator) > norm(best) ? operator : best));
  const square = norm(largest) ** 2;
  return operators.every((operator) => {
    const share = operator.reduce((sum, value, i) => sum + value * (largest[i] ?? 0), 0) / square;
    return norm(operator.map((value, i) => value - share * (largest[i] ?? 0))) <= ZERO * Math.sqrt(square);
  });
}

function tokenResidual(operator: Float64Array, dimensions: Dimensions): number {
  const [dA, dC] = dimensions;
  const sectors = sectorOperators(operator, dimensions);
  const { singularValues, rank } = operatorSchmidt(operator, dimensions);
  const scale = singularValues[0] ?? 0;
  if (scale === 0) return 0;
  const { values } = singularValueDecomposition(
    sectors.flatMap((one) => [...one]),
    [dA, dC * dC],
  );
  const span = values.reduce((count, value) => (value > ZERO * (values[0] ?? 0) ? count + 1 : count), 0);
  const spectrum = singularValues.reduce((worst, value, k) => Math.max(worst, Math.abs(value - (values[k] ?? 0))), 0);
  const proportional = areProportional(sectors);
  const factored = nearestKronecker(operator, dimensions).relativeResidual <= ZERO;
  const agree = (rank === 1) === proportional && proportional === factored;
  return Math.max(Math.abs(rank - span), spectrum / scale, agree ? 0 : 1);
}

const residual = ({ process, dimensions }: OneDimensionalSectorsInstance): number =>
  operatorsOf(process).reduce((worst, operator) => Math.max(worst, tokenResidual(operator, dimensions)), 0);

/** Which of the sectors move in the same way: all differ, the last is a copy of the first, or they reweight one motion. */
type Kind = "different" | "copies" | "reweighted";

/** A process of `dA` sectors of one state, beside `dC` states in general position. */
function sectors(seed: number, dA: number, dC: number, kind: Kind): OneDimensionalSectorsInstance {
  const tokens = 2;
  const inSector = (i: number): readonly Float64Array[] => {
    if (kind === "reweighted") {
      const motion = genericHmm({ seed, dimensions: [dC, 1], tokens: 1 }).operator(0);
      return Array.from(genericLaw(seed + 1, i, tokens), (share) => motion.map((value) => share * value));
    }
    const copied = kind === "copies" && i === dA - 1 ? 0 : i;
    return operatorsOf(genericHmm({ seed: 8 * seed + copied, dimensions: [dC, 1], tokens }));
  };
  const all = Array.from({ length: dA }, (_, i) => inSector(i));
  const d = dA * dC;
  const operators = Array.from({ length: tokens }, (_, x) =>
    Array.from({ length: d }, (__, from) =>
      Array.from({ length: d }, (___, to) => {
        const i = Math.floor(from / dC);
        return i === Math.floor(to / dC) ? (all[i]?.[x]?.[(from % dC) * dC + (to % dC)] ?? 0) : 0;
      }),
    ),
  );
  const process = createHmm({ operators, initial: new Float64Array(d).fill(1 / d) });
  return { process, dimensions: [dA, dC] };
}

/** One token, at which two bits are exchanged: the first factor is one sector of two states. */
const exchange = createHmm({
  operators: [
    [
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
    ],
  ],
  initial: [0.25, 0.25, 0.25, 0.25],
});

/**
 * T31: if every state of the first factor is a sector, `T^x = sum_i E_ii (x) C_i^x`, the operator-Schmidt rank is the number of linearly
 * independent `C_i^x`: one exactly if the sectors reweight one motion, that is, if `T^x` is a product. Standard.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { oneDimensionalSectors } from "@semifactor/sfp/theorems";
 *
 * const instance = { process: families.personaZ1r({ variant: "semi" }), dimensions: [2, 3] } as const;
 * expect(checkTheorem(oneDimensionalSectors, { instance }).holds).toBe(true);
 * ```
 */
export const oneDimensionalSectors: Theorem<OneDimensionalSectorsInstance> = {
  id: "T31",
  name: "With sectors of one state, operator-Schmidt rank counts the different sectors",
  statement:
    "If $T^x = \\sum_i E_{ii} \\otimes C_i^x$ then $\\operatorname{OSR}(T^x) = \\dim \\operatorname{span} \\{C_i^x\\}_i$, and the operator-Schmidt coefficients are the singular values of the matrix with rows $\\operatorname{vec} C_i^x$. For $T^x \\ne 0$ it is $1$ if and only if all $C_i^x$ are multiples of one $C^x$, if and only if $T^x = A^x \\otimes C^x$.",
  status: "standard",
  proof: `The realigned matrix $R_{(a,a'),(c,c')} = T^x_{(a,c),(a',c')}$ has the row $\\operatorname{vec} C_i^x$ at $(i, i)$ and rows of zeros at $(a, a')$, $a \\ne a'$. Rows of zeros change neither the rank nor the singular values that are not zero; so $\\operatorname{OSR}(T^x) = \\operatorname{rank} R$ is the dimension of the span of the other rows.

That dimension is $1$ exactly if all $C_i^x = r_i C^x$ with numbers $r_i$ that are not all zero. Then $T^x = \\operatorname{diag}(r) \\otimes C^x$ is a product. Conversely, if $T^x = A \\otimes C \\ne 0$ then $\\operatorname{vec} C_i^x = A_{ii} \\operatorname{vec} C$, all multiples of one.`,
  use: "Reads off from the sectors whether a persona changes how the capability moves or only how often it is seen: only in the second case is the process factored at that token.",
  hypotheses: [
    {
      id: "sectors of one state",
      statement:
        "Every state of the first factor is a sector that no token leaves: $T^x = \\sum_i E_{ii} \\otimes C_i^x$.",
    },
  ],
  needs: "two factors, no state of the first of which is left",
  instanceOf(subject) {
    const structure = twoFactorsOf(subject);
    if (structure === undefined) return undefined;
    const [{ dimension: dA }, { dimension: dC }] = structure.factors;
    const d = dA * dC;
    const leaves = (value: number, at: number) =>
      Math.floor(at / d / dC) !== Math.floor((at % d) / dC) && Math.abs(value) > 1e-9;
    if (operatorsOf(subject.process).some((operator) => operator.some(leaves))) return undefined;
    return { process: subject.process, dimensions: [dA, dC] };
  },
  arbitrary: fc
    .record({
      seed: fc.nat(100_000),
      dA: fc.integer({ min: 2, max: 3 }),
      dC: fc.integer({ min: 1, max: 3 }),
      kind: fc.constantFrom<Kind>("different", "copies", "reweighted"),
    })
    .map(({ seed, dA, dC, kind }) => sectors(seed, dA, dC, kind)),
  residual,
  tolerance: () => 1e-12,
  counterexamples: [
    {
      drops: "sectors of one state",
      description:
        "the exchange of two bits, one sector of two states: rank four, while its two diagonal blocks span two",
      instance: { process: exchange, dimensions: [2, 2] },
    },
    {
      drops: "sectors of one state",
      description: "a leaky persona, which changes at one phase: operators join the sectors",
      instance: { process: leakySector({ leak: 0.3 }).process, dimensions: [2, 3] },
    },
  ],
};
