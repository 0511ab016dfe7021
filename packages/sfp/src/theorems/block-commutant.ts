import { changeBasis, createHmm, InvalidArgumentError, type Process } from "@semifactor/ghmm";
import {
  dot,
  largestDifference,
  matrixTimesVector,
  multiply,
  operatorsOf,
  pseudoInverse,
  scaleOf,
} from "@semifactor/ghmm/internal";
import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { checkLength } from "../_internal/checks.ts";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { blockPartition } from "../arbitraries/partitions.ts";
import { findBlocks } from "../discover/find-blocks.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";
import { invertible } from "./_internal/maps.ts";
import { areInvariant, checkProjector, coordinateProjector } from "./_internal/projectors.ts";

/** A process and projectors onto its blocks. */
export interface BlockCommutantInstance {
  readonly process: Process;
  /** `P_beta`, row-major `[d, d]` each. */
  readonly projectors: readonly ArrayLike<number>[];
  /** `S`, row-major `[d, d]`: other coordinates to find the blocks in, as `S P_beta S^-1`; those of the process by default. */
  readonly basis?: ArrayLike<number>;
}

/** Defects up to this count as zero. */
const ZERO = 1e-11;

/** Largest entry of `P T^x (I - P)`: how far `V_beta T^x` is from inside `V_beta`. */
function invarianceDefect(process: Process, projector: Float64Array): number {
  const { stateDim } = process;
  return Math.max(
    ...operatorsOf(process).map((operator) => {
      const image = multiply(projector, operator, stateDim);
      return largestDifference(multiply(image, projector, stateDim), image);
    }),
  );
}

/** Claim (a): either both kinds of defect vanish, or neither. */
function equivalenceGap(invariance: number, commutator: number): number {
  if (invariance <= ZERO) return commutator;
  return commutator <= ZERO ? invariance : 0;
}

/** Claim (b) in the coordinates of a process: the dimension of its commutant, and how far its blocks are from the declared ones. */
function discoveryGap(process: Process, projectors: readonly Float64Array[]): number {
  const { blocks, commutantDimension } = findBlocks(process);
  const missing = Math.abs(commutantDimension - projectors.length) + Math.abs(blocks.length - projectors.length);
  if (missing > 0) return missing;
  const gaps = projectors.map((projector) => {
    const distances = blocks.map((block) => largestDifference(block.projector, projector) / scaleOf(projector));
    const nearest = blocks[distances.indexOf(Math.min(...distances))];
    const weight = dot(process.initial, matrixTimesVector(projector, process.normalizer));
    return Math.max(Math.min(...distances), Math.abs((nearest?.weight ?? Number.NaN) - weight));
  });
  return Math.max(...gaps);
}

const rowsOf = (matrix: Float64Array, d: number) =>
  Array.from({ length: d }, (_, i) => matrix.subarray(i * d, i * d + d));

function residual({ process, projectors, basis }: BlockCommutantInstance): number {
  const d = process.stateDim;
  if (projectors.length === 0) {
    throw new InvalidArgumentError({
      source: "checkTheorem",
      problem: "projectors is empty",
      remedy: "Give the projector of every block",
    });
  }
  const ps = projectors.map((projector, i) => {
    checkProjector(process, projector, `projectors[${i}]`);
    return Float64Array.from(projector);
  });
  const invariance = Math.max(...ps.map((p) => invarianceDefect(process, p)));
  const commutator = Math.max(...ps.map((p) => commutatorDefect(process, p).defect));
  const equivalence = equivalenceGap(invariance, commutator);
  if (commutator > ZERO) return equivalence;
  if (basis === undefined) return Math.max(equivalence, discoveryGap(process, ps));
  checkLength("checkTheorem", "basis", basis, d * d);
  const s = Float64Array.from(basis);
  const turned = changeBasis(process, rowsOf(s, d));
  const { inverse } = pseudoInverse(s, [d, d]);
  const moved = ps.map((p) => multiply(multiply(s, p, d), inverse, d));
  return Math.max(equivalence, discoveryGap(turned, moved));
}

const blocksOf = ({ partition, ...process }: SemiFactoredProcess): BlockCommutantInstance => ({
  process,
  projectors: partition.blocks.map(({ states }) => coordinateProjector(process.stateDim, states)),
});

/** `I + N / 2`, with ones above the diagonal in `N`. */
const mildBasis = (d: number): Float64Array =>
  Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : i % (d + 1) === 1 && i % d > 0 ? 0.5 : 0));

const inside = fc.double({ min: 0.05, max: 0.95, noNaN: true });

/** Random blocks, closed or with one entry that leaks. */
const random = fc
  .record({ blocks: blockPartition(), tokens: fc.integer({ min: 2, max: 3 }), seed: fc.nat(10_000) })
  .chain(({ blocks, tokens, seed }) =>
    fc.constantFrom(0, 0, 0, 1e-6, 1e-5).map((leak) => ({
      process: blockDiagonalHmm(blocks, tokens, seed, leak),
      projectors: blocks.blocks.map(({ states }) => coordinateProjector(blocks.blockOf.length, states)),
    })),
  );

const named = fc.oneof(
  inside.map((leak): BlockCommutantInstance => {
    const { process, partition } = leakySector({ leak });
    return { process, projectors: partition.blocks.map(({ states }) => coordinateProjector(6, states)) };
  }),
  inside.map((kappa) => blocksOf(phaseLockedZ1r({ kappa }))),
  fc
    .tuple(inside, inside)
    .map(([one, other]) => blocksOf(personaZ1r({ random: [one / 2, (1 + other) / 2], weights: [0.3, 0.7] }))),
);

const identical = personaZ1r({
  random: [0.3, 0.3],
  marked: [
    [0.25, 0.25, 0.25],
    [0.25, 0.25, 0.25],
  ],
});

/** The first state leaks into the second, which is closed. */
const absorbing = createHmm({
  operators: [
    [
      [0.7, 0.2],
      [0, 0.4],
    ],
    [
      [0.1, 0],
      [0, 0.6],
    ],
  ],
  initial: [0.5, 0.5],
});

/**
 * T14: blocks are what commutes with every operator: they can be found from the operators in any coordinates. (a) standard,
 * (b) a reconstruction.
 *
 * @example
 * ```ts
 * import { checkTheorem } from "@semifactor/ghmm/theorems";
 * import { families } from "@semifactor/sfp";
 * import { blockCommutant } from "@semifactor/sfp/theorems";
 *
 * const process = families.phaseLockedZ1r({ kappa: 0.5 });
 * const blocks = process.partition.blocks.map(({ states }) => states);
 * const instance = blockCommutant.instanceOf({ process, blocks });
 * if (instance === undefined) throw new Error("it has blocks");
 * expect(checkTheorem(blockCommutant, { instance }).holds).toBe(true); // also after a change of basis
 * ```
 */
export const blockCommutant: Theorem<BlockCommutantInstance> = {
  id: "T14",
  name: "Blocks are what commutes, and can be found in any coordinates",
  statement:
    "Let $P_\\beta$ be idempotents with $\\sum_\\beta P_\\beta = I$, $P_\\beta P_\\gamma = 0$, $V_\\beta$ their images. (a) All $V_\\beta T^x \\subset V_\\beta$ if and only if all $[P_\\beta, T^x] = 0$. (b) $\\mathrm{Comm} = \\{X : X T^x = T^x X\\}$ goes to $S\\, \\mathrm{Comm}\\, S^{-1}$ under a change of basis; with (a) its dimension is at least the number of blocks, and if the blocks are irreducible over $\\mathbb{C}$ and pairwise inequivalent it is that number, and the spectral projectors of a generic element of $\\mathrm{Comm}$ are the $P_\\beta$.",
  status: "reconstruction",
  proof: `Row vectors: $V_\\beta = \\{b : b P_\\beta = b\\}$.

(a) $V_\\beta T^x \\subset V_\\beta$ says $P_\\beta T^x (I - P_\\beta) = 0$. If $P_\\beta$ commutes with $T^x$, this is $T^x P_\\beta (I - P_\\beta) = 0$. Conversely $[P_\\beta, T^x] = P_\\beta T^x (I - P_\\beta) - (I - P_\\beta) T^x P_\\beta$, and $(I - P_\\beta) T^x P_\\beta = \\sum_{\\gamma \\ne \\beta} P_\\gamma T^x P_\\beta = \\sum_{\\gamma \\ne \\beta} P_\\gamma T^x (I - P_\\gamma) P_\\beta$, since $(I - P_\\gamma) P_\\beta = P_\\beta$. So the commutator vanishes if all the other blocks are invariant too. One invariant block is not enough: a block that others leak into is invariant and its projector does not commute.

(b) $X T^x = T^x X$ if and only if $(S X S^{-1})(S T^x S^{-1}) = (S T^x S^{-1})(S X S^{-1})$. The $P_\\beta$ are in $\\mathrm{Comm}$ by (a) and linearly independent, so its dimension is at least their number.

For $X$ in $\\mathrm{Comm}$, $P_\\beta X P_\\gamma$ intertwines the blocks: $T_\\beta^x X_{\\beta\\gamma} = X_{\\beta\\gamma} T_\\gamma^x$. By Schur's lemma an intertwiner of irreducible blocks is zero or invertible, so zero between inequivalent ones, and over $\\mathbb{C}$ a number on each block. Then $X = \\sum_\\beta c_\\beta P_\\beta$: the dimension is the number of blocks, and where the $c_\\beta$ differ, which is so for almost all $X$, the $P_\\beta$ are the spectral projectors of $X$.

Two equivalent blocks of irreducible copies add two intertwiners: dimension four, and any pair of complementary copies inside their sum is as good a decomposition as the declared one.`,
  use: "Whether a process is semi-factored, and along what, can be read off its operators in whatever coordinates they were estimated: blocks are no choice of basis, unlike tensor factors.",
  hypotheses: [
    {
      id: "all blocks",
      statement: "The $P_\\beta$ are complementary, $\\sum_\\beta P_\\beta = I$, and all are tested (for (a)).",
    },
    { id: "inequivalent", statement: "No two blocks have the same operators up to a change of basis (for (b))." },
    { id: "irreducible", statement: "No block has an invariant subspace (for (b), equality)." },
  ],
  needs: "blocks that no operator joins, which cannot be cut further and of which no two are alike",
  instanceOf({ process, blocks }) {
    if (blocks === undefined || !areInvariant(process, blocks)) return undefined;
    const { equivalent, blocks: finest } = findBlocks(process);
    if (finest.length !== blocks.length || equivalent.some(({ length }) => length > 1)) return undefined;
    return {
      process,
      projectors: blocks.map((states) => coordinateProjector(process.stateDim, states)),
      basis: mildBasis(process.stateDim),
    };
  },
  arbitrary: fc.oneof({ weight: 3, arbitrary: random }, { weight: 1, arbitrary: named }).chain((instance) =>
    fc.oneof(
      fc.constant(instance),
      invertible(instance.process.stateDim).map((basis): BlockCommutantInstance => ({ ...instance, basis })),
    ),
  ),
  residual,
  tolerance: () => 1e-10,
  counterexamples: [
    {
      drops: "all blocks",
      description:
        "a state that another one leaks into with probability 1/5, tested alone: invariant, but it does not commute",
      instance: { process: absorbing, projectors: [coordinateProjector(2, [1])] },
    },
    {
      drops: "inequivalent",
      description: "two identical personas: dimension four, and no telling which is which",
      instance: blocksOf(identical),
    },
    {
      drops: "irreducible",
      description: "Z9 with two of its three blocks declared as one: dimension three",
      instance: {
        process: phaseLockedZ1r({ kappa: 0.5 }),
        projectors: [coordinateProjector(9, [0, 4, 8]), coordinateProjector(9, [1, 2, 3, 5, 6, 7])],
      },
    },
  ],
};
