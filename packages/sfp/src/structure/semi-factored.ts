import {
  InvalidArgumentError,
  NotBlockInvariantError,
  NotNormalizedError,
  type Process,
  ShapeError,
} from "@semifactor/ghmm";
import { checkProcess, kroneckerVector, readSizes } from "@semifactor/ghmm/internal";
import { checkFinite, checkLength, checkObject, checkRange } from "../_internal/checks.ts";
import { partitionDefect } from "./commutator.ts";
import { type BlockDefinition, type Partition, type PartitionKind, partition } from "./partition.ts";
import { isStrong } from "./strong.ts";
import type { TensorStructure } from "./tensor-structure.ts";

const SOURCE = "semiFactored";

/**
 * A semi-factored process (SFP): a process, a tensor structure and a partition with `P_beta T^x = T^x P_beta` for every token and block.
 *
 * Every operator is block diagonal, so the block is conserved: a belief is a mixture over blocks whose weights move by Bayes' rule alone
 * (T15). It is itself a {@link Process}.
 */
export interface SemiFactoredProcess extends Process {
  readonly structure: TensorStructure;
  readonly partition: Partition;
  /** Shape of the partition. */
  readonly kind: PartitionKind;
  /**
   * Whether every operator is a tensor product inside each block ("a mixture of factored processes"). Needs blocks that are rectangles,
   * so it is false for the others.
   */
  readonly strong: boolean;
  /** Largest entry of an operator between two blocks. */
  readonly defect: number;
  /** Number of tokens of each factor, where tokens are made of one part per factor: `(u, y)` is token `u * |Y| + y`. */
  readonly tokenSizes?: readonly number[];
}

/** What {@link semiFactored} takes. */
export interface SemiFactoredDefinition {
  readonly process: Process;
  readonly structure: TensorStructure;
  /** A partition of the structure, or what {@link partition} needs to make one of single-coordinate sectors. */
  readonly blocks: Partition | BlockDefinition;
  /** Largest entry between blocks that counts as zero. @defaultValue 1e-9 */
  readonly tolerance?: number;
  /** Number of tokens of each part of a joint token, the slowest first, if tokens have parts. */
  readonly tokenSizes?: readonly number[];
}

function checkStructure(process: Process, structure: TensorStructure): void {
  const { factors } = structure;
  const join = (parts: readonly (string | number)[]) => parts.join(" x ");
  if (structure.stateDim !== process.stateDim) {
    throw new ShapeError({
      source: SOURCE,
      problem: `the structure ${join(factors.map(({ name }) => name))} has ${join(factors.map(({ dimension }) => dimension))} states and the process ${process.stateDim}`,
      remedy: "Give factors whose dimensions multiply to the number of states",
    });
  }
  for (const [name, vector] of [
    ["the initial state of the process", process.initial],
    ["the normalizer of the process", process.normalizer],
  ] as const) {
    checkLength(SOURCE, name, vector, process.stateDim);
    checkFinite(SOURCE, name, vector);
  }
  const product = factors.reduce<Float64Array>(
    (joint, { normalizer }) => kroneckerVector(joint, normalizer),
    Float64Array.of(1),
  );
  process.normalizer.forEach((value, state) => {
    const expected = product[state] ?? 0;
    if (Math.abs(value - expected) <= 1e-9) return;
    throw new NotNormalizedError({
      source: SOURCE,
      problem: `the normalizer of the process is ${value} at state ${state}, the product of the factors' is ${expected}`,
      remedy: "Give the factors normalizers whose tensor product is the normalizer of the process",
    });
  });
}

/** A partition that is not already one is made; one of other dimensions is refused, one of equal dimensions takes the structure. */
function readPartition(structure: TensorStructure, blocks: Partition | BlockDefinition): Partition {
  if (typeof blocks !== "object" || blocks === null || !("blockOf" in blocks)) return partition({ structure, blocks });
  const mine = structure.factors.map(({ dimension }) => dimension).join(" x ");
  const theirs = blocks.structure.factors.map(({ dimension }) => dimension).join(" x ");
  if (mine === theirs) return blocks.structure === structure ? blocks : { ...blocks, structure };
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: `the partition is of a ${theirs} structure and the structure is ${mine}`,
    remedy: "Partition the structure that you pass",
  });
}

/** Joins a process and a partition that it is known to preserve. */
export function assembleSemiFactored(
  process: Process,
  known: Pick<SemiFactoredProcess, "partition" | "strong" | "defect" | "tokenSizes">,
): SemiFactoredProcess {
  const { structure, kind } = known.partition;
  const { alphabet, stateDim, initial, normalizer, certificate } = process;
  return Object.freeze({
    alphabet,
    stateDim,
    initial,
    normalizer,
    certificate,
    ...(process.storage === undefined ? {} : { storage: process.storage }),
    // bound, not spread: the methods of a process that is an instance of a class are not its own properties
    step: process.step.bind(process),
    operator: process.operator.bind(process),
    structure,
    kind,
    partition: known.partition,
    strong: known.strong,
    defect: known.defect,
    ...(known.tokenSizes === undefined ? {} : { tokenSizes: known.tokenSizes }),
  });
}

/**
 * Declares a process semi-factored, after checking that every operator preserves every block: `P_beta T^x = T^x P_beta` (T14).
 *
 * A structure that leaks in one direction only is refused too: all blocks have to be invariant.
 *
 * @throws NotBlockInvariantError if an operator joins two blocks; the message has the token, the blocks and the entry
 * @throws ShapeError if the factors' dimensions do not multiply to the number of states, or `tokenSizes` to that of tokens
 * @throws NotNormalizedError if the process's normalizer is not the product of the factors'
 * @throws InvalidArgumentError if the blocks are not a partition into at least two, the tolerance is not from 0 to 1, or a number of the
 * process is not finite
 * @example
 * ```ts
 * import { coin, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
 * import { semiFactored, tensorStructure } from "@semifactor/sfp";
 *
 * // two phases that advance together: their difference is conserved
 * const process = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 }));
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 3 }, { name: "c", dimension: 3 }] });
 * const difference = [0, 1, 2].map((k) => [0, 1, 2].map((c) => [(c + k) % 3, c] as const));
 * expect(semiFactored({ process, structure, blocks: difference }).kind).toBe("graph");
 * expect(() => semiFactored({ process, structure, blocks: "sectors" })).toThrow("joins");
 * ```
 */
export function semiFactored(definition: SemiFactoredDefinition): SemiFactoredProcess {
  checkObject(SOURCE, "the definition", definition);
  const { process, structure, tolerance = 1e-9 } = definition;
  checkProcess(SOURCE, "process", process);
  checkObject(SOURCE, "structure", structure);
  checkRange(SOURCE, "tolerance", tolerance, 0, 1);
  checkStructure(process, structure);
  const blocks = readPartition(structure, definition.blocks);
  const { defect, token, row, column } = partitionDefect(SOURCE, process, blocks);
  if (!(defect <= tolerance)) {
    throw new NotBlockInvariantError({
      source: SOURCE,
      problem: `the operator of token ${token} (${JSON.stringify(process.alphabet[token])}) joins block ${blocks.blockOf[row]} with block ${blocks.blockOf[column]}: entry [${row}, ${column}] is ${defect} in size`,
      remedy: "Merge the two blocks, or change the operators so that every block is closed",
    });
  }
  const tokenSizes =
    definition.tokenSizes === undefined ? undefined : readSizes(SOURCE, process, definition.tokenSizes);
  return assembleSemiFactored(process, {
    partition: blocks,
    strong: isStrong(process, blocks),
    defect,
    ...(tokenSizes === undefined ? {} : { tokenSizes }),
  });
}
