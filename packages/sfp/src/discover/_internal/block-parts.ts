import { foldIn, type Key, normal } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { columnsOf, frobenius, identity, type SpectralSplit, spectralGaps, splitSpectrum } from "./spectral-split.ts";

/** An invariant subspace of all operators with an invariant complement. */
export interface BlockPart {
  readonly dimension: number;
  /** `[d, dimension]` and `[dimension, d]`: `rows * columns` is the identity and `columns * rows` the projector. */
  readonly columns: Float64Array;
  readonly rows: Float64Array;
  /** The operators inside, each `[dimension, dimension]`. */
  readonly operators: readonly Float64Array[];
  /** The commutant inside, each `[dimension, dimension]`. */
  readonly elements: readonly Float64Array[];
}

/** A block cut in two, and by how much the operators join the halves, relative to all operators. */
interface Cut {
  readonly halves: readonly [Half, Half];
  readonly defect: number;
}

/** Columns `[n, dimension]` and rows `[dimension, n]` of a half in the coordinates of its block. */
interface Half {
  readonly dimension: number;
  readonly columns: Float64Array;
  readonly rows: Float64Array;
}

export interface BlockPartsOptions {
  /** Largest defect of a cut, where the number of blocks is not given. */
  readonly limit: number;
  /** How near to a multiple of the identity a commuting matrix is that differs from one by noise alone, relative to its size. */
  readonly noise: number;
  /** Number of blocks to cut into, at the smallest defects. */
  readonly blocks: number | undefined;
  readonly key: Key;
}

/** Random elements tried before a block counts as indecomposable: one of a 2 x 2 real matrix algebra has real eigenvalues 7 times in 10. */
const ATTEMPTS = 16;
/** Elements that are compared even if the first already gives a good cut. */
const COMPARED = 2;
/** Widest gaps of each element that are tried. */
const GAPS = 3;
/** A gap in the spectrum of a unit element that is narrower is rounding or noise. */
const LEAST_GAP = 1e-4;
/** The whole space as one part, the elements of its commutant scaled to the size of the identity. */
export function wholeSpace(
  operators: readonly Float64Array[],
  elements: readonly Float64Array[],
  d: number,
): BlockPart {
  const scaled = elements.map((element) => {
    const size = frobenius(element) / Math.sqrt(d);
    return element.map((value) => value / size);
  });
  return { dimension: d, columns: identity(d), rows: identity(d), operators, elements: scaled };
}

/** A random combination of the elements, less its multiple of the identity, of unit size; undefined if what is left is noise. */
function randomElement({ dimension: n, elements }: BlockPart, key: Key, noise: number): Float64Array | undefined {
  const weights = normal(key, elements.length);
  const sum = new Float64Array(n * n);
  elements.forEach((element, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (weights[k] ?? 0) * (element[i] ?? 0);
  });
  let trace = 0;
  for (let s = 0; s < n; s++) trace += sum[s * (n + 1)] ?? 0;
  for (let s = 0; s < n; s++) sum[s * (n + 1)] = (sum[s * (n + 1)] ?? 0) - trace / n;
  const rest = frobenius(sum) / Math.sqrt(n);
  if (!(rest > noise * frobenius(weights))) return undefined;
  return sum.map((value) => value / rest);
}

/** The best cut of a block along the spectrum of random elements of its commutant. */
function bestCut(part: BlockPart, scale: number, options: BlockPartsOptions): Cut | undefined {
  const n = part.dimension;
  if (n < 2) return undefined;
  let best: Cut | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt >= COMPARED && best !== undefined && best.defect <= options.limit) break;
    const element = randomElement(part, foldIn(options.key, attempt), options.noise);
    if (element === undefined) continue;
    const gaps = spectralGaps(element, n)
      .filter(({ width }) => width > LEAST_GAP)
      .sort((a, b) => b.width - a.width);
    for (const gap of gaps.slice(0, GAPS)) {
      const split = splitSpectrum(element, n, gap);
      if (split === undefined) continue;
      const cut = cutAlong(part, split, scale);
      if (best === undefined || cut.defect < best.defect) best = cut;
      if (cut.defect <= options.limit) break;
    }
  }
  return best;
}

function cutAlong(part: BlockPart, { basis, inverse, first }: SpectralSplit, scale: number): Cut {
  const n = part.dimension;
  const half = (from: number, to: number): Half => ({
    dimension: to - from,
    columns: columnsOf(basis, n, from, to),
    rows: inverse.slice(from * n, to * n),
  });
  const [one, other] = [half(0, first), half(first, n)];
  let joined = 0;
  for (const operator of part.operators) {
    joined += frobenius(multiply(one.rows, multiply(operator, other.columns, n), n)) ** 2;
    joined += frobenius(multiply(other.rows, multiply(operator, one.columns, n), n)) ** 2;
  }
  return { halves: [one, other], defect: Math.sqrt(joined) / scale };
}

/** A half of a block as a block of its own. */
function inside(part: BlockPart, { dimension, columns, rows }: Half): BlockPart {
  const n = part.dimension;
  const restrict = (m: Float64Array): Float64Array => multiply(rows, multiply(m, columns, n), n);
  return {
    dimension,
    columns: multiply(part.columns, columns, n),
    rows: multiply(rows, part.rows, n),
    operators: part.operators.map(restrict),
    elements: part.elements.map(restrict),
  };
}

/**
 * The finest decomposition into invariant blocks: cuts along the spectra of random commuting elements, until no block can be cut, or
 * there are as many as asked for.
 */
export function blockParts(
  whole: BlockPart,
  options: BlockPartsOptions,
): { readonly parts: readonly BlockPart[]; readonly largestDefect: number } {
  const scale = Math.sqrt(whole.operators.reduce((sum, m) => sum + frobenius(m) ** 2, 0)) || 1;
  const { blocks, limit } = options;
  const most = blocks ?? whole.elements.length;
  let parts: readonly BlockPart[] = [whole];
  let largestDefect = 0;
  const cuts = new Map<BlockPart, Cut | undefined>();
  while (parts.length < most) {
    let best: { readonly part: BlockPart; readonly cut: Cut } | undefined;
    for (const part of parts) {
      if (!cuts.has(part)) cuts.set(part, bestCut(part, scale, options));
      const cut = cuts.get(part);
      if (cut !== undefined && (best === undefined || cut.defect < best.cut.defect)) best = { part, cut };
    }
    if (best === undefined || (blocks === undefined && !(best.cut.defect <= limit))) break;
    const { part, cut } = best;
    largestDefect = Math.max(largestDefect, cut.defect);
    parts = parts.flatMap((other) => (other === part ? cut.halves.map((half) => inside(part, half)) : [other]));
  }
  return { parts, largestDefect };
}
