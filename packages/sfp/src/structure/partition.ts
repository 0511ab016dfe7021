import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkInteger } from "../_internal/checks.ts";
import type { TensorStructure } from "./tensor-structure.ts";

/** A cell `V_ij = V_A^i (x) V_C^j`: sector i of the first factor and sector j of the second. */
export type Cell = readonly [first: number, second: number];

/**
 * Shape of a partition.
 *
 * - `sector`: every block is made of whole sectors of the first factor, `beta = I_beta x J`: a conserved label of that factor ("persona").
 * - `cell`: every cell is its own block: a conserved label of each factor.
 * - `graph`: any other: only a joint function of the two sectors is conserved.
 *
 * A partition that is both is called `sector`.
 */
export type PartitionKind = "sector" | "cell" | "graph";

/** A block of a partition. */
export interface Block {
  /** The cells of the block. */
  readonly cells: readonly Cell[];
  /** Joint state indices of the block, ascending: the coordinates where the diagonal of `P_beta` is 1. */
  readonly states: readonly number[];
}

/** A partition of the cells of a tensor structure into at least two blocks. */
export interface Partition {
  readonly structure: TensorStructure;
  /** Coordinates of each sector, of the first and of the second factor. */
  readonly sectors: readonly [readonly (readonly number[])[], readonly (readonly number[])[]];
  readonly blocks: readonly Block[];
  /** Block of every joint state, `[stateDim]`. */
  readonly blockOf: Int32Array;
  readonly kind: PartitionKind;
}

/** Which cells make a block: `sectors` is `{i} x J` for every i, `cells` is every cell alone, or list the cells of each block. */
export type BlockDefinition = "sectors" | "cells" | readonly (readonly Cell[])[];

/** What {@link partition} takes. */
export interface PartitionDefinition {
  readonly structure: TensorStructure;
  readonly blocks: BlockDefinition;
  /** Coordinates of each sector, by factor. @defaultValue every coordinate is a sector of its own */
  readonly sectors?: readonly [readonly (readonly number[])[], readonly (readonly number[])[]];
}

const SOURCE = "partition";

function refuse(problem: string, remedy: string): never {
  throw new InvalidArgumentError({ source: SOURCE, problem, remedy });
}

function checkSectors(name: string, sectors: readonly (readonly number[])[], dimension: number): void {
  const seen = new Set<number>();
  sectors.forEach((sector, i) => {
    if (sector.length === 0) refuse(`sector ${i} of ${name} is empty`, "Leave it out");
    for (const coordinate of sector) {
      checkInteger(SOURCE, `sector ${i} of ${name}`, coordinate, 0, dimension - 1);
      if (seen.has(coordinate))
        refuse(`state ${coordinate} of ${name} is in two sectors`, "Put every state in one sector");
      seen.add(coordinate);
    }
  });
  if (seen.size !== dimension) {
    refuse(`the sectors of ${name} cover ${seen.size} of ${dimension} states`, "Put every state in one sector");
  }
}

function listBlocks(blocks: BlockDefinition, rows: number, columns: number): readonly (readonly Cell[])[] {
  const cells = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j): Cell => [i, j]));
  if (blocks === "sectors") return cells;
  if (blocks === "cells") return cells.flat().map((cell) => [cell]);
  if (!Array.isArray(blocks))
    refuse(`blocks is ${JSON.stringify(blocks)}`, 'Give "sectors", "cells" or a list of blocks');
  return blocks;
}

function partitionKind(blocks: readonly (readonly Cell[])[], rows: number, columns: number): PartitionKind {
  const blockOfRow = new Map<number, number>();
  let wholeSectors = true;
  blocks.forEach((cells, beta) => {
    for (const [i] of cells) {
      const known = blockOfRow.get(i) ?? beta;
      if (known !== beta) wholeSectors = false;
      blockOfRow.set(i, known);
    }
  });
  if (wholeSectors) return "sector";
  return blocks.length === rows * columns ? "cell" : "graph";
}

/**
 * Partitions the cells of a tensor structure into blocks.
 *
 * Each factor is cut into sectors by complementary coordinate idempotents `Pi^i`; cell `(i, j)` is `Pi_A^i (x) Pi_C^j` and block `beta` is
 * `P_beta`, the sum over its cells. One block alone is refused: every process would be semi-factored.
 *
 * @throws InvalidArgumentError if sectors or blocks leave out or repeat something, or there is only one block
 * @example
 * ```ts
 * import { partition, tensorStructure } from "@semifactor/sfp";
 *
 * const structure = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] });
 * expect(partition({ structure, blocks: "sectors" }).blocks.map(({ states }) => states)).toEqual([[0, 1], [2, 3]]);
 * const parity = partition({ structure, blocks: [[[0, 0], [1, 1]], [[0, 1], [1, 0]]] });
 * expect(parity.kind).toBe("graph");
 * ```
 */
export function partition(definition: PartitionDefinition): Partition {
  const { structure } = definition;
  const [a, c] = structure.factors;
  const singletons = (dimension: number) => Array.from({ length: dimension }, (_, s) => [s]);
  const given = definition.sectors ?? [singletons(a.dimension), singletons(c.dimension)];
  const copy = (one: readonly (readonly number[])[]) => one.map((sector) => [...sector]);
  const sectors = [copy(given[0]), copy(given[1])] as const;
  const [first, second] = sectors;
  checkSectors(a.name, first, a.dimension);
  checkSectors(c.name, second, c.dimension);

  const listed = listBlocks(definition.blocks, first.length, second.length);
  const blockOf = new Int32Array(structure.stateDim).fill(-1);
  const blocks = listed.map((cells, beta): Block => {
    if (cells.length === 0) refuse(`block ${beta} is empty`, "Leave it out");
    const states = cells.flatMap(([i, j]) => {
      checkInteger(SOURCE, `first sector of a cell of block ${beta}`, i, 0, first.length - 1);
      checkInteger(SOURCE, `second sector of a cell of block ${beta}`, j, 0, second.length - 1);
      return (first[i] ?? []).flatMap((x) => (second[j] ?? []).map((y) => x * c.dimension + y));
    });
    for (const state of states) {
      if (blockOf[state] !== -1) refuse(`block ${beta} repeats a cell`, "Put every cell in one block");
      blockOf[state] = beta;
    }
    return { cells: cells.map(([i, j]): Cell => [i, j]), states: states.sort((x, y) => x - y) };
  });
  const missing = blockOf.indexOf(-1);
  if (missing !== -1) refuse(`joint state ${missing} is in no block`, "Put every cell in one block");
  if (blocks.length < 2) {
    refuse("there is only one block, which every process preserves", "Give at least two blocks");
  }
  return { structure, sectors, blocks, blockOf, kind: partitionKind(listed, first.length, second.length) };
}
