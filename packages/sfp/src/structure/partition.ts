import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkInteger, checkObject } from "../_internal/checks.ts";
import type { PerFactor, TensorStructure } from "./tensor-structure.ts";

/** A cell `V_ij = V_A^i (x) V_C^j`: a sector of each factor, in their order. */
export type Cell = readonly number[];

/** The sectors of one factor: the coordinates of each. */
export type Sectors = readonly (readonly number[])[];

/**
 * Shape of a partition.
 *
 * - `sector`: every block is made of whole sectors of one factor, `beta = I_beta x J`: a conserved label of that factor ("persona").
 * - `cell`: every cell is its own block: a conserved label of each factor.
 * - `graph`: any other: only a joint function of the sectors is conserved.
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
  /** Coordinates of each sector, by factor. */
  readonly sectors: PerFactor<Sectors>;
  readonly blocks: readonly Block[];
  /** Block of every joint state, `[stateDim]`. */
  readonly blockOf: Int32Array;
  readonly kind: PartitionKind;
  /** Names of the factors whose sectors the block depends on: one for a sector partition. */
  readonly conserved: readonly string[];
}

/** Which cells make a block: `sectors` is one per sector of the first factor, `cells` is every cell alone, or list the cells of each block. */
export type BlockDefinition = "sectors" | "cells" | readonly (readonly Cell[])[];

/** What {@link partition} takes. */
export interface PartitionDefinition {
  readonly structure: TensorStructure;
  readonly blocks: BlockDefinition;
  /** Coordinates of each sector, by factor. @defaultValue every coordinate is a sector of its own */
  readonly sectors?: PerFactor<Sectors>;
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

function listBlocks(blocks: BlockDefinition, counts: readonly number[]): readonly (readonly Cell[])[] {
  const cells = counts.reduce<readonly Cell[]>(
    (made, count) => made.flatMap((cell) => Array.from({ length: count }, (_, i): Cell => [...cell, i])),
    [[]],
  );
  if (blocks === "sectors") {
    // cells are listed with the first sector slowest
    const size = cells.length / (counts[0] ?? 1);
    return Array.from({ length: counts[0] ?? 0 }, (_, i) => cells.slice(i * size, (i + 1) * size));
  }
  if (blocks === "cells") return cells.map((cell) => [cell]);
  if (!Array.isArray(blocks))
    refuse(`blocks is ${JSON.stringify(blocks)}`, 'Give "sectors", "cells" or a list of blocks');
  return blocks;
}

/** The factors that the block depends on: where two cells that differ in that factor alone can be in different blocks. */
function dependsOn(blocks: readonly (readonly Cell[])[], counts: readonly number[]): readonly number[] {
  return counts.flatMap((_, n) => {
    const blockOfRest = new Map<string, number>();
    const depends = blocks.some((cells, beta) =>
      cells.some((cell) => {
        const rest = cell.filter((_, other) => other !== n).join();
        const known = blockOfRest.get(rest) ?? beta;
        blockOfRest.set(rest, known);
        return known !== beta;
      }),
    );
    return depends ? [n] : [];
  });
}

/**
 * Partitions the cells of a tensor structure into blocks.
 *
 * Each factor is cut into sectors by complementary coordinate idempotents `Pi^i`; cell `(i, j)` is `Pi_A^i (x) Pi_C^j` and block
 * `beta` is `P_beta`, the sum over its cells. One block alone is refused: every process would be semi-factored.
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
  checkObject(SOURCE, "the definition", definition);
  const { structure } = definition;
  checkObject(SOURCE, "structure", structure);
  const { factors, stateDim } = structure;
  const singletons = (dimension: number): Sectors => Array.from({ length: dimension }, (_, s) => [s]);
  const given: readonly Sectors[] = definition.sectors ?? factors.map(({ dimension }) => singletons(dimension));
  if (given.length !== factors.length) {
    refuse(`sectors has ${given.length} entries for ${factors.length} factors`, "List the sectors of every factor");
  }
  // Array.from also visits holes
  const copy = (n: number): Sectors => Array.from(given[n] ?? [], (sector) => Array.from(sector ?? []));
  const [, , ...rest] = factors;
  const sectors = [copy(0), copy(1), ...rest.map((_, i) => copy(i + 2))] as const;
  factors.forEach(({ name, dimension }, n) => {
    checkSectors(name, sectors[n] ?? [], dimension);
  });
  const counts = sectors.map(({ length }) => length);

  const listed = Array.from(listBlocks(definition.blocks, counts), (cells, beta) => {
    const isList = Array.isArray(cells) && Array.from(cells).every((cell) => Array.isArray(cell));
    return isList
      ? cells
      : refuse(`blocks[${beta}] is ${JSON.stringify(cells)}`, "Give a list of cells for every block");
  });
  const blockOf = new Int32Array(stateDim).fill(-1);
  const blocks = listed.map((cells, beta): Block => {
    if (cells.length === 0) refuse(`block ${beta} is empty`, "Leave it out");
    const states = cells.flatMap((cell) => {
      if (cell.length !== factors.length) {
        refuse(`a cell of block ${beta} is [${cell}] for ${factors.length} factors`, "Give one sector per factor");
      }
      return factors.reduce<readonly number[]>(
        (joint, { name, dimension }, n) => {
          const sector = cell[n] ?? Number.NaN;
          checkInteger(SOURCE, `the sector of ${name} in a cell of block ${beta}`, sector, 0, (counts[n] ?? 0) - 1);
          return joint.flatMap((index) => (sectors[n]?.[sector] ?? []).map((s) => index * dimension + s));
        },
        [0],
      );
    });
    for (const state of states) {
      if (blockOf[state] !== -1) refuse(`block ${beta} repeats a cell`, "Put every cell in one block");
      blockOf[state] = beta;
    }
    return { cells: cells.map((cell): Cell => [...cell]), states: states.sort((x, y) => x - y) };
  });
  const missing = blockOf.indexOf(-1);
  if (missing !== -1) refuse(`joint state ${missing} is in no block`, "Put every cell in one block");
  if (blocks.length < 2) {
    refuse("there is only one block, which every process preserves", "Give at least two blocks");
  }
  const conserved = dependsOn(listed, counts);
  const isCells = blocks.length === counts.reduce((product, count) => product * count, 1);
  return {
    structure,
    sectors,
    blocks,
    blockOf,
    kind: conserved.length === 1 ? "sector" : isCells ? "cell" : "graph",
    conserved: conserved.map((n) => factors[n]?.name ?? ""),
  };
}
