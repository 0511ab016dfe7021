import {
  areEquivalent,
  hideFactors,
  type KrylovOptions,
  minimalRealization,
  type Process,
  relabelTokens,
  ShapeError,
  tensorProduct,
  UnsupportedError,
} from "@semifactor/ghmm";
import { checkProcess, multiply, readSizes } from "@semifactor/ghmm/internal";
import { gridShapes, shortWordDependence, shortWords, tokenGrids } from "./_internal/token-grids.ts";

const SOURCE = "findTensorStructure";
/** Most tokens whose arrangements are searched: 9 make 5040 grids, 12 would make 3.7 million. */
const MOST_TOKENS = 9;

/** Dimensions of the smallest realizations: of the two marginal processes and of the process itself. */
export interface TensorRanks {
  readonly first: number;
  readonly second: number;
  /** `first * second` exactly if the process is factored (and starts stationary). */
  readonly joint: number;
}

interface TokenSplit {
  /** Number of tokens of the two parts. */
  readonly tokenSizes: readonly [number, number];
  /** The token of the process that is the pair `(u, y)`, at index `u * |Y| + y`. */
  readonly tokens: readonly number[];
  /** Smallest realizations of the marginal processes: what is seen of `u` alone and of `y` alone. */
  readonly factors: readonly [Process, Process];
  readonly ranks: TensorRanks;
  /** The verdict in words. */
  readonly reason: string;
}

/** A process that is `A (x) C` in some basis, with that basis. */
export interface FactoredTokens extends TokenSplit {
  readonly factored: true;
  /**
   * Row-major `[d, dA * dC]`: the belief of the process times this is `b_A (x) b_C`, the beliefs of the two factors. For a process of
   * the smallest dimension it is square and the only such change of basis (T5).
   */
  readonly basis: Float64Array;
  /** Largest entry of `T^x S - S (A^u (x) C^y)`, with `S` the basis and `T` the smallest realization of the process. */
  readonly residual: number;
}

/** A process that is not `A (x) C`, with the proof. */
export interface CoupledTokens extends TokenSplit {
  readonly factored: false;
  /** A shortest word of the process whose probability is not the product of those of its two parts. */
  readonly word: readonly number[];
  /** Its probability in the process, and the product `P_U P_Y`. */
  readonly probabilities: readonly [number, number];
}

/** What {@link findTensorStructure} finds for a given split of tokens. */
export type TensorStructureVerdict = FactoredTokens | CoupledTokens;

/** What {@link findTensorStructure} finds without a split of tokens. */
export interface TensorStructureSearch {
  /** Whether the tokens can be arranged as pairs so that the process is `A (x) C`. */
  readonly factored: boolean;
  /** Every arrangement that does, up to the names of `u` and `y`; more than one only where a factor has no memory or symmetries. */
  readonly splits: readonly FactoredTokens[];
  /** Number of arrangements tried. */
  readonly tried: number;
  /** The verdict in words, with what it does not say. */
  readonly reason: string;
}

/** Options of {@link findTensorStructure}: which tokens are pairs, and the tolerance of the comparison. */
export interface FindTensorStructureOptions extends KrylovOptions {
  /** `[|U|, |Y|]`: token `u * |Y| + y` is the pair `(u, y)`. */
  readonly tokenSizes: readonly [number, number];
}

function decide(process: Process, sizes: readonly [number, number], tokens: readonly number[], options: KrylovOptions) {
  const marginal = (hidden: number) =>
    minimalRealization(hideFactors(process, { sizes, hidden: [hidden] }), options).process;
  const factors = [marginal(1), marginal(0)] as const;
  const product = relabelTokens(tensorProduct(...factors), process.alphabet);
  const found = areEquivalent(process, product, options);
  const [first, second] = factors.map(({ stateDim }) => stateDim) as [number, number];
  const split = { tokenSizes: sizes, tokens, factors } as const;
  if (!found.equivalent) {
    const ranks = { first, second, joint: minimalRealization(process, options).rank };
    const [joint, apart] = found.probabilities;
    const word = found.word.map((token) => tokens[token] ?? 0);
    const reason = `not a product: the word [${word.join(", ")}] has probability ${joint}, and its two parts together ${apart}`;
    return { ...split, factored: false, ranks, word, probabilities: found.probabilities, reason } as const;
  }
  const { intertwiner, residual, first: smallest } = found;
  const ranks = { first, second, joint: smallest.rank };
  if (ranks.joint !== first * second) {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `the two parts of the words are independent, but the process has rank ${ranks.joint} and not ${first} x ${second}`,
      remedy: "Start the process in a stationary state: ranks are known to multiply only then",
    });
  }
  const basis = multiply(smallest.map, intertwiner, ranks.joint);
  const reason = `a product: ranks ${first} x ${second} = ${ranks.joint}, and every word has the probability of its two parts`;
  return { ...split, factored: true, ranks, basis, residual, reason } as const;
}

/** What no search over tokens can say. */
const CAVEAT =
  "This is about pairs of tokens alone: any process of rank m n has state spaces that are products, none preferred, so without a declared structure nothing else can be decided";

function search(process: Process, options: KrylovOptions): TensorStructureSearch {
  const size = process.alphabet.length;
  if (size > MOST_TOKENS) {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `the arrangements of ${size} tokens would be searched`,
      remedy: `Give tokenSizes, with tokens in the order (u, y) -> u * |Y| + y; at most ${MOST_TOKENS} tokens are searched`,
    });
  }
  // arrangements that the shortest words rule out are not looked at further
  const limit = Math.max(1e-6, 1e3 * (options.tolerance ?? 0));
  const words = shortWords(process);
  const splits: FactoredTokens[] = [];
  let tried = 0;
  for (const [rows, columns] of gridShapes(size)) {
    for (const grid of tokenGrids(rows, columns)) {
      tried++;
      if (shortWordDependence(words, grid, limit) > limit) continue;
      const found = decide(relabelTokens(process, grid.tokens), [rows, columns], grid.tokens, options);
      if (found.factored) splits.push(found);
    }
  }
  const verdict =
    tried === 0
      ? `${size} tokens are no grid of two or more rows and columns`
      : splits.length === 0
        ? `none of the ${tried} arrangements of the tokens as pairs makes the process a product`
        : `${splits.length} of the ${tried} arrangements of the tokens as pairs make the process a product`;
  return { factored: splits.length > 0, splits, tried, reason: `${verdict}. ${CAVEAT}.` };
}

/**
 * Decides from operators in an unknown basis whether a process whose tokens are pairs `(u, y)` is a product `A (x) C`, and if so
 * recovers the factors and the change of basis (T32).
 *
 * The smallest realizations of the two marginal processes are multiplied and compared with the process: the process is a product
 * exactly if every word `(u, y)` has the probability `P_U(u) P_Y(y)`. From a stationary start ranks then multiply and the basis is
 * unique; from another start they need not, and where they do not the function refuses.
 *
 * What is decided is independence of the two parts of the tokens (F1). A chain `A^u (x) C_u^y`, a shared alphabet or a coupled pair
 * is answered with the shortest word that shows the dependence, and no other structure is looked for: a tensor structure of states is
 * declared data, which a change of basis creates and destroys (T24, T25). Processes closer than the tolerance count as equal.
 *
 * Without `tokenSizes` all arrangements of at most 9 tokens in a grid are tried, up to the names of `u` and `y`. More than one can
 * succeed: every arrangement of four equally likely tokens without memory does.
 *
 * @throws ShapeError if `tokenSizes` has not two entries or they do not multiply to the number of tokens
 * @throws InvalidArgumentError if `tolerance` is not between 0 and 1
 * @throws UnsupportedError if the parts are independent but ranks do not multiply, because the start is not stationary; or without
 * `tokenSizes` if there are more than 9 tokens
 * @throws NotConvergedError if a direction of the state space is about as weak as the tolerance
 * @example
 * ```ts
 * import { changeBasis, evenOnes, goldenMean, tensorProduct } from "@semifactor/ghmm";
 * import { families, findTensorStructure } from "@semifactor/sfp";
 *
 * const product = tensorProduct(goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 }));
 * const basis = [[1, 0.5, 0, 0], [0, 2, 0, 0.3], [0.3, 0, 1, 0], [0, 0, 0.7, 1]];
 * const found = findTensorStructure(changeBasis(product, basis), { tokenSizes: [2, 2] });
 * expect([found.factored, found.ranks]).toEqual([true, { first: 2, second: 2, joint: 4 }]);
 * expect(findTensorStructure(product).splits.map(({ tokens }) => tokens)).toEqual([[0, 1, 2, 3]]);
 *
 * const coupled = findTensorStructure(families.phaseLockedZ1r({ kappa: 0.5 }), { tokenSizes: [2, 2] });
 * expect(coupled.factored || coupled.word).toEqual([0]);
 * ```
 */
export function findTensorStructure(process: Process, options: FindTensorStructureOptions): TensorStructureVerdict;
export function findTensorStructure(process: Process, options?: KrylovOptions): TensorStructureSearch;
export function findTensorStructure(
  process: Process,
  options: KrylovOptions & { readonly tokenSizes?: readonly [number, number] } = {},
): TensorStructureVerdict | TensorStructureSearch {
  checkProcess(SOURCE, "process", process);
  const { tokenSizes, ...krylov } = options;
  if (tokenSizes === undefined) return search(process, krylov);
  const [first, second, ...rest] = readSizes(SOURCE, process, tokenSizes);
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new ShapeError({
      source: SOURCE,
      problem: `tokenSizes has ${tokenSizes.length} entries`,
      remedy: "Give two: more factors are found one after the other, by taking several as one",
    });
  }
  return decide(process, [first, second], [...process.alphabet.keys()], krylov);
}
