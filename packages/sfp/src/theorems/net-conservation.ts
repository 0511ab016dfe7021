import { changeBasis, createHmm, mess3, type Process } from "@semifactor/ghmm";
import { largestDifference, matrixTimesVector, netOperator, operatorsOf } from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { blockPartition } from "../arbitraries/partitions.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import { checkProjector, coordinateProjector } from "./_internal/projectors.ts";

/** A process and projectors that its net operator may conserve. */
export interface NetConservationInstance {
  readonly process: Process;
  /** Idempotents `P`, row-major `[d, d]` each; coordinate projectors for the theorem to hold. */
  readonly projectors: readonly ArrayLike<number>[];
}

/** Largest entry of `T P w - P w`. */
function netDefect(process: Process, projector: Float64Array): number {
  const kept = matrixTimesVector(projector, process.normalizer);
  return largestDifference(matrixTimesVector(netOperator(operatorsOf(process), process.stateDim), kept), kept);
}

function residual({ process, projectors }: NetConservationInstance): number {
  const entries = process.alphabet.length * process.stateDim;
  const violations = projectors.map((projector, i) => {
    checkProjector(process, projector, `projectors[${i}]`);
    const onAverage = netDefect(process, Float64Array.from(projector));
    const { defect: byToken } = commutatorDefect(process, projector);
    return Math.max(byToken - onAverage, onAverage - entries * byToken);
  });
  return Math.max(0, ...violations);
}

const coins = createHmm({
  operators: [
    [
      [0.2, 0],
      [0, 0.8],
    ],
    [
      [0.8, 0],
      [0, 0.2],
    ],
  ],
  initial: [0.5, 0.5],
});

/** Coordinates in which the oblique idempotent `[[1, 0], [1/2, 0]]` is the projector onto the first one. */
const skewed = changeBasis(coins, [
  [1, 0],
  [-0.5, 1],
]);

const conserved = fc
  .record({ blocks: blockPartition(), tokens: fc.integer({ min: 1, max: 3 }), seed: fc.nat(10_000) })
  .chain(({ blocks, tokens, seed }) =>
    fc.constantFrom(0, 1e-6, 1e-5).map((leak) => ({
      process: blockDiagonalHmm(blocks, tokens, seed, leak),
      projectors: blocks.blocks.map(({ states }) => coordinateProjector(blocks.blockOf.length, states)),
    })),
  );

const mixing = fc
  .record({ x: fc.double({ min: 0.05, max: 0.3, noNaN: true }), leak: fc.double({ min: 0.01, max: 1, noNaN: true }) })
  .chain(({ x, leak }) =>
    fc.constantFrom(
      { process: mess3({ x, a: 0.6 }), projectors: [coordinateProjector(3, [1])] },
      { process: leakySector({ leak }).process, projectors: [coordinateProjector(6, [0, 1, 2])] },
      { process: leakySector({ leak }).process, projectors: [coordinateProjector(6, [0, 3, 4])] },
    ),
  );

/**
 * T16: in a hidden Markov model a set of states is a block as soon as the net operator conserves its weight: what is conserved on average
 * is conserved by every token. A reconstruction.
 *
 * False for signed operators and for oblique idempotents, where only the commutator with every token tells.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { netConservation } from "@semifactor/sfp/theorems";
 *
 * const { process } = families.leakySector({ leak: 0.1 });
 * const projector = Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 && i < 18 ? 1 : 0)); // the first persona
 * expect(checkTheorem(netConservation, { instance: { process, projectors: [projector] } }).holds).toBe(true);
 * ```
 */
export const netConservation: Theorem<NetConservationInstance> = {
  id: "T16",
  name: "What an HMM conserves on average, every token conserves",
  statement:
    "For a set $\\beta$ of states of an HMM with $d$ states and $V$ tokens, $P_\\beta$ the coordinate projector and $T = \\sum_x T^x$: $T 1_\\beta = 1_\\beta$ if and only if every $T^x$ is block diagonal with respect to $\\beta$ and its complement. More precisely $\\max_x |[P_\\beta, T^x]| \\le \\max |T 1_\\beta - 1_\\beta| \\le V d \\max_x |[P_\\beta, T^x]|$, entrywise.",
  status: "reconstruction",
  proof: `The entries of $[P_\\beta, T^x] = P_\\beta T^x - T^x P_\\beta$ are those of $T^x$ that join $\\beta$ with its complement, up to sign, and zero elsewhere.

Write $(T 1_\\beta)_s = \\sum_{s' \\in \\beta} T_{ss'}$. For $s \\notin \\beta$, $(T 1_\\beta - 1_\\beta)_s = \\sum_{s' \\in \\beta} T_{ss'}$. For $s \\in \\beta$, $T 1 = 1$ gives $(1_\\beta - T 1_\\beta)_s = \\sum_{s' \\notin \\beta} T_{ss'}$. Either way, $|T 1_\\beta - 1_\\beta|_s$ is the sum over tokens $x$ and over the states $s'$ on the other side of $T^x_{ss'}$.

All terms of that sum are non-negative. So it is at least each of them, which is the first inequality; and it has at most $V d$ terms, each at most the largest, which is the second. If the sums vanish, so does every term, and conversely.

Without signs the argument fails at "at least each of them": terms may cancel. An oblique idempotent $P$ is a coordinate projector in other coordinates, in which the operators have signs.`,
  use: "In an HMM one matrix, the net operator, tells whether a set of states is a block; in other coordinates or for signed operators test the commutator with every token, not the martingale.",
  hypotheses: [
    { id: "coordinate projector", statement: "$P$ is the projector onto some of the states in which $T^x \\ge 0$." },
    { id: "non-negative operators", statement: "$T^x \\ge 0$ entrywise and $T 1 = 1$." },
  ],
  needs: "blocks, and non-negative operators",
  instanceOf({ process, blocks }) {
    if (blocks === undefined || process.certificate.kind !== "hmm") return undefined;
    return { process, projectors: blocks.map((states) => coordinateProjector(process.stateDim, states)) };
  },
  arbitrary: fc.oneof(conserved, mixing),
  residual,
  tolerance: () => 1e-12,
  counterexamples: [
    {
      drops: "coordinate projector",
      description: "an oblique idempotent of two static coins: conserved on average, by either token changed by 0.3",
      instance: { process: coins, projectors: [[1, 0, 0.5, 0]] },
    },
    {
      drops: "non-negative operators",
      description:
        "the same in coordinates in which the idempotent is a coordinate projector and the operators are signed",
      instance: { process: skewed, projectors: [[1, 0, 0, 0]] },
    },
  ],
};
