import {
  createKey,
  InvalidArgumentError,
  type Key,
  type Process,
  singularValueDecomposition,
  UnsupportedError,
} from "@semifactor/ghmm";
import { checkProcess, dot, matrixTimesVector, multiply, vectorTimesMatrix } from "@semifactor/ghmm/internal";
import { checkFinite, checkInteger, checkRange } from "../_internal/checks.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import { type BlockPart, blockParts, wholeSpace } from "./_internal/block-parts.ts";
import { commutant } from "./_internal/commutant.ts";
import { frobenius } from "./_internal/spectral-split.ts";
import { widestGap } from "./_internal/widest-gap.ts";

/** Options of {@link findBlocks}. */
export interface FindBlocksOptions {
  /**
   * Largest commutator `|X T^x - T^x X|` that counts as none, relative to the sizes of `X` and of the operators. Operators fitted by
   * `fitSpectral` have errors of up to its `noiseLevel` times its `condition`; look for a gap in `singularValues` below that, and ask
   * for as many `blocks`. @defaultValue 1e-8
   */
  readonly tolerance?: number;
  /**
   * Number of blocks to cut into, for operators too noisy for a tolerance: the cuts with the smallest commutators are made, whatever
   * they are. By default as many as `tolerance` allows.
   */
  readonly blocks?: number;
  /** Number of independent matrices that count as commuting, whatever their commutators. @defaultValue `blocks`, if that is given */
  readonly commutantDimension?: number;
  /**
   * Error of the operators, for a process that was estimated: the tolerance is then put into the widest gap of the smallest
   * commutators, by ratio, of those gaps that begin within it, or left at 1e-8 if none is threefold. For the result of
   * `fitSpectral` take `noiseLevel` times `condition`. Not together with `tolerance`, `blocks` or `commutantDimension`.
   */
  readonly noise?: number;
  /** Key of the generic elements. @defaultValue createKey(0) */
  readonly key?: Key;
}

/** An invariant block that was found. */
export interface FoundBlock {
  /** `P`, row-major `[d, d]`: idempotent, and `P T^x = T^x P` up to the residual. */
  readonly projector: Float64Array;
  readonly dimension: number;
  /** Weight of the block at the start, `eta0 P w`. */
  readonly weight: number;
  /** Row-major `[dimension, d]`: the rows span the beliefs inside the block; `P = dual * basis` and `basis * dual = I`. */
  readonly basis: Float64Array;
  /** Row-major `[d, dimension]`: `basis T^x dual` is the block's operator, `basis w` its normalizer. */
  readonly dual: Float64Array;
}

/** What {@link findBlocks} returns. */
export interface FoundBlocks {
  /** The finest decomposition, the heaviest block first; blocks of equal weight by the place of their coordinates. */
  readonly blocks: readonly FoundBlock[];
  /** Dimension of `{X : X T^x = T^x X for all x}`. */
  readonly commutantDimension: number;
  /** Smallest relative commutators `|X T - T X| / (|X| |T|)` of independent matrices, ascending: those in the commutant, and up to eight more. */
  readonly singularValues: Float64Array;
  /** The last of them in the commutant and the first outside; the second is infinite where there is none. */
  readonly gap: readonly [inside: number, outside: number];
  /** The tolerance that was used. */
  readonly tolerance: number;
  /** Largest entry of `P T^x - T^x P` over blocks and tokens. */
  readonly residual: number;
  /**
   * Indices of the blocks, in groups whose operators are the same up to a change of basis: copies of one persona. Inside a group of two
   * or more only the whole of the group is determined, not how it is cut nor the single weights.
   */
  readonly equivalent: readonly (readonly number[])[];
}

const SOURCE = "findBlocks";
const TOLERANCE = 1e-8;
const LARGEST_DIMENSION = 96;
/** Defect of a cut, relative to the tolerance of commutators. */
const CUT_LIMIT = 100;
/** Largest defect of a cut relative to the operators, if the tolerance is not more. */
const LARGEST_CUT = 0.1;
/** Commuting matrices are found to about the ratio of the gap; those nearer than this to the identity are noise whatever it is. */
const LARGEST_NOISE = 0.3;
const ROUNDING = 1e-9;
/** Weights that differ by less count as equal when blocks are put in order. */
const SAME_WEIGHT = 1e-6;
/** Singular values shown beyond the commutant. */
const SHOWN = 8;

/**
 * The intertwiner of two blocks is a block of commuting matrices: they are the same if it is invertible. `inside` are the rows of the
 * first block times these matrices, each `[n, d]`.
 */
function sameOperators(one: BlockPart, other: BlockPart, inside: readonly Float64Array[], limit: number): boolean {
  const n = one.dimension;
  if (n !== other.dimension) return false;
  const d = one.rows.length / n;
  const operatorScale = Math.sqrt(one.operators.reduce((sum, m) => sum + frobenius(m) ** 2, 0)) || 1;
  const sizes = inside.map((rows) => multiply(rows, other.columns, d));
  const largest = sizes.reduce<Float64Array>(
    (best, m) => (frobenius(m) > frobenius(best) ? m : best),
    new Float64Array(n * n),
  );
  const size = frobenius(largest);
  if (!(size > 1e-6)) return false;
  let mismatch = 0;
  one.operators.forEach((operator, x) => {
    const right = multiply(largest, other.operators[x] ?? operator, n);
    mismatch += frobenius(multiply(operator, largest, n).map((value, i) => value - (right[i] ?? 0))) ** 2;
  });
  if (!(Math.sqrt(mismatch) <= limit * size * operatorScale)) return false;
  const { values } = singularValueDecomposition(largest, [n, n]);
  return (values[n - 1] ?? 0) > 1e-6 * (values[0] ?? 0);
}

function finish(part: BlockPart, process: Process): FoundBlock {
  const { dimension, rows: basis, columns: dual } = part;
  const projector = multiply(dual, basis, dimension);
  const inside = new Float64Array(dimension);
  vectorTimesMatrix(process.initial, dual, dimension, inside);
  return { projector, dimension, weight: dot(inside, matrixTimesVector(basis, process.normalizer)), basis, dual };
}

/** Where on the diagonal the projector stands: for coordinate projectors the mean index. */
function place({ projector, dimension }: FoundBlock): number {
  const d = Math.round(Math.sqrt(projector.length));
  let sum = 0;
  for (let s = 0; s < d; s++) sum += s * (projector[s * (d + 1)] ?? 0);
  return sum / dimension;
}

/**
 * Finds the invariant blocks of a process from its operators alone, in any basis: the finest projectors with `P T^x = T^x P`.
 *
 * The matrices that commute with every operator are found by the null space of the intertwining equations `X T^x = T^x X`, and the
 * blocks by cutting along the spectra of generic elements of it (T14). The result does not depend on the basis: in other coordinates
 * `T^x -> S T^x S^-1` the projectors are `S P S^-1`, with the same weights. An irreducible process is one block.
 *
 * The dimension of the commutant is the number of blocks if they are all different and have no complex structure; `m` copies of one
 * block add `m^2`. Blocks of weight zero are unreachable or unobservable parts of the presentation. A leaky sector, invariant
 * itself but without an invariant complement, is no block.
 *
 * @throws InvalidArgumentError if an option is out of range, or there are no `blocks` blocks to cut into
 * @throws UnsupportedError if the process has more than 96 states, or repeats its eigenvalues so often that the equations get too many
 * @throws NotConvergedError if the basis is too badly conditioned
 * @example
 * ```ts
 * import { changeBasis } from "@semifactor/ghmm";
 * import { families, findBlocks } from "@semifactor/sfp";
 *
 * const locked = families.phaseLockedZ1r({ alpha: 0.5 });
 * const scrambled = changeBasis(
 *   locked,
 *   Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => Math.cos(i * j + i) + (i === j ? 3 : 0))),
 * );
 * const { blocks, commutantDimension } = findBlocks(scrambled);
 * expect(commutantDimension).toBe(3);
 * expect(blocks[0]?.weight).toBeCloseTo(2 / 3, 9);
 * ```
 */
export function findBlocks(process: Process, options: FindBlocksOptions = {}): FoundBlocks {
  checkProcess(SOURCE, "process", process);
  const { blocks, noise: error, key = createKey(0) } = options;
  const { stateDim: d } = process;
  if (d > LARGEST_DIMENSION) {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `the process has ${d} states`,
      remedy: `Reduce it by minimalRealization to at most ${LARGEST_DIMENSION}`,
    });
  }
  if (error !== undefined) {
    checkRange(SOURCE, "noise", error, 0, Number.MAX_VALUE);
    const other = (["tolerance", "blocks", "commutantDimension"] as const).find((name) => options[name] !== undefined);
    if (other !== undefined) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `both noise and ${other} are given`,
        remedy: "Give noise to have the tolerance chosen, or choose it yourself",
      });
    }
  }
  checkRange(SOURCE, "tolerance", options.tolerance ?? TOLERANCE, 0, 1);
  if (blocks !== undefined) checkInteger(SOURCE, "blocks", blocks, 1, d);
  const dimension = options.commutantDimension ?? blocks;
  if (dimension !== undefined) checkInteger(SOURCE, "commutantDimension", dimension, 1, d * d);

  const operators = process.alphabet.map((_, token) => process.operator(token));
  operators.forEach((operator, token) => {
    checkFinite(SOURCE, `operator(${token})`, operator);
  });
  let { tolerance = TOLERANCE } = options;
  if (error !== undefined) {
    const alone = commutant(operators, d, { source: SOURCE, tolerance, dimension: 1, key });
    const { count: within, inside, outside } = widestGap(alone.singularValues, error);
    // anywhere in the gap; an exact zero has no geometric mean
    if (within > 1) tolerance = Math.min(1, Math.sqrt(Math.max(inside, TOLERANCE) * outside));
  }
  const { elements, singularValues } = commutant(operators, d, { source: SOURCE, tolerance, dimension, key });
  const count = elements.length;
  const gap = [singularValues[count - 1] ?? 0, singularValues[count] ?? Number.POSITIVE_INFINITY] as const;
  const limit = Math.max(tolerance, Math.min(CUT_LIMIT * tolerance, LARGEST_CUT));
  const noise = blocks === undefined ? Math.min(LARGEST_NOISE, Math.max(ROUNDING, (3 * gap[0]) / gap[1])) : ROUNDING;
  const { parts, largestDefect } = blockParts(wholeSpace(operators, elements, d), { limit, noise, blocks, key });
  if (blocks !== undefined && parts.length < blocks) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `only ${parts.length} of ${blocks} blocks were found`,
      remedy: "Ask for fewer blocks, or give a larger commutantDimension if some are copies of one another",
    });
  }
  const ordered = parts
    .map((part) => ({ part, block: finish(part, process) }))
    .sort((a, b) =>
      Math.abs(a.block.weight - b.block.weight) > SAME_WEIGHT
        ? b.block.weight - a.block.weight
        : place(a.block) - place(b.block),
    );
  const groups: { readonly first: BlockPart; readonly inside: readonly Float64Array[]; readonly members: number[] }[] =
    [];
  ordered.forEach(({ part }, i) => {
    const group = groups.find(({ first, inside }) => {
      return sameOperators(first, part, inside, Math.max(limit, largestDefect));
    });
    if (group !== undefined) group.members.push(i);
    else groups.push({ first: part, inside: elements.map((m) => multiply(part.rows, m, d)), members: [i] });
  });
  return {
    blocks: ordered.map(({ block }) => block),
    commutantDimension: count,
    singularValues: singularValues.slice(0, count + SHOWN),
    gap,
    tolerance,
    residual: ordered.reduce(
      (worst, { block }) => Math.max(worst, commutatorDefect(process, block.projector).defect),
      0,
    ),
    equivalent: groups.map(({ members }) => members),
  };
}
