import { changeBasis, InvalidArgumentError, type Process, ShapeError } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { checkObject, checkRange } from "../_internal/checks.ts";
import { partition } from "../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import type { FoundBlocks } from "./find-blocks.ts";

/** Options of {@link blockForm}. */
export interface BlockFormOptions {
  /**
   * Largest entry between blocks that counts as zero. @defaultValue 1e-9, or a hundred times the tolerance of the search if that is more
   */
  readonly tolerance?: number;
}

/** A process in the coordinates of its blocks. */
export interface BlockForm {
  /** The process with the rows of `basis` as coordinates: block after block, as they were found. */
  readonly process: SemiFactoredProcess;
  /** `S`, row-major `[d, d]`: the operators are `S T^x S^-1`, beliefs `b S^-1` and the normalizer `S w`. */
  readonly basis: Float64Array;
  /** `S^-1`, row-major `[d, d]`. */
  readonly inverse: Float64Array;
  /** Condition number of `S`. */
  readonly condition: number;
}

const SOURCE = "blockForm";

/** Largest entry of `basis dual - I` that counts as rounding. */
const COMPLEMENTARY = 1e-6;

/** The projectors `dual basis` are idempotent, annihilate one another and sum to one if and only if `basis dual = I`. */
function checkComplementary(basis: Float64Array, inverse: Float64Array, d: number): void {
  const product = multiply(basis, inverse, d);
  const at = product.findIndex((value, i) => !(Math.abs(value - (i % (d + 1) === 0 ? 1 : 0)) <= COMPLEMENTARY));
  if (at < 0) return;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: `the projectors of the blocks are not idempotent or do not sum to one: entry [${Math.floor(at / d)}, ${at % d}] of basis times dual is ${product[at]}`,
    remedy: "Pass blocks as findBlocks returns them, each once",
  });
}

/**
 * Writes a process in the coordinates of the blocks that {@link findBlocks} found, in which every operator is block diagonal: a
 * semi-factored process, with one sector of its state for each block.
 *
 * The tensor structure is that of a block label alone: a factor `state` of dimension `d`, whose sectors are the blocks, and a trivial
 * factor of dimension 1. Word probabilities and block weights do not change (T14).
 *
 * @throws InvalidArgumentError if there is one block only, the projectors are not idempotent or do not sum to one, the basis has a
 * condition number above 1e8, or the tolerance is not from 0 to 1
 * @throws ShapeError if the blocks are of a process of another size
 * @throws NotBlockInvariantError if an operator joins two blocks by more than the tolerance
 * @example
 * ```ts
 * import { changeBasis, wordProbability } from "@semifactor/ghmm";
 * import { blockForm, families, findBlocks } from "@semifactor/sfp";
 *
 * const labels = families.staticLabels();
 * const scrambled = changeBasis(labels, [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]]);
 * const { process } = blockForm(scrambled, findBlocks(scrambled));
 * expect(process.partition.blocks.length).toBe(4);
 * expect(wordProbability(process, [3, 3])).toBeCloseTo(wordProbability(labels, [3, 3]), 12);
 * ```
 */
export function blockForm(process: Process, found: FoundBlocks, options: BlockFormOptions = {}): BlockForm {
  checkObject(SOURCE, "found", found);
  const { blocks } = found;
  const { stateDim: d } = process;
  const { tolerance = Math.max(1e-9, Math.min(1, 100 * found.tolerance)) } = options;
  checkRange(SOURCE, "tolerance", tolerance, 0, 1);
  const total = blocks.reduce((sum, { dimension }) => sum + dimension, 0);
  if (total !== d || blocks.some(({ basis, dimension }) => basis.length !== d * dimension)) {
    throw new ShapeError({
      source: SOURCE,
      problem: `the blocks have ${total} states together and the process ${d}`,
      remedy: "Pass what findBlocks found in this process",
    });
  }
  if (blocks.length < 2) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: "there is only one block, so the process is not semi-factored",
      remedy: "Use the process as it is, or search noisy operators with a larger tolerance",
    });
  }
  const basis = new Float64Array(d * d);
  const inverse = new Float64Array(d * d);
  const sectors: number[][] = [];
  let offset = 0;
  for (const block of blocks) {
    const { dimension } = block;
    basis.set(block.basis, offset * d);
    for (let row = 0; row < d; row++) {
      inverse.set(block.dual.subarray(row * dimension, (row + 1) * dimension), row * d + offset);
    }
    sectors.push(Array.from({ length: dimension }, (_, s) => offset + s));
    offset += dimension;
  }
  checkComplementary(basis, inverse, d);
  const rows = Array.from({ length: d }, (_, row) => basis.subarray(row * d, (row + 1) * d));
  const turned = changeBasis(process, rows);
  const structure = tensorStructure({
    factors: [
      { name: "state", dimension: d, normalizer: turned.normalizer },
      { name: "trivial", dimension: 1 },
    ],
  });
  return {
    process: semiFactored({
      process: turned,
      structure,
      blocks: partition({ structure, sectors: [sectors, [[0]]], blocks: "sectors" }),
      tolerance,
    }),
    basis,
    inverse,
    condition: turned.condition,
  };
}
