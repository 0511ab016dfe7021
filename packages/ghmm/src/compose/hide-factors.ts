import type { Process } from "../process/process.ts";
import { readAlphabet } from "../process/validate.ts";
import { projectTokens, readFactors, readSizes } from "./_internal/joint-tokens.ts";
import { mixTokens } from "./_internal/mix-tokens.ts";

/** What {@link hideFactors} takes. */
export interface HideFactorsOptions {
  /** The factors whose tokens are not seen, by index. */
  readonly hidden: readonly number[];
  /** Tokens of each factor, the slowest first; known for a product that keeps its factors. */
  readonly sizes?: readonly number[];
  /** Names of the tokens that are left; by default taken from joint names made with commas, else numbered. */
  readonly alphabet?: readonly string[];
}

/** The parts of joint names that belong to the visible factors, if the names are made of as many parts as there are factors. */
function visibleNames(
  process: Process,
  sizes: readonly number[],
  map: Uint32Array,
  isVisible: (n: number) => boolean,
): readonly string[] | undefined {
  const parts = process.alphabet.map((name) => name.split(","));
  if (parts.some(({ length }) => length !== sizes.length)) return undefined;
  const names: string[] = [];
  for (const [token, own] of parts.entries()) {
    const name = own.filter((_, n) => isVisible(n)).join(",");
    const at = map[token] ?? 0;
    if ((names[at] ?? name) !== name) return undefined;
    names[at] = name;
  }
  return new Set(names).size === names.length ? names : undefined;
}

/**
 * The process seen through the tokens of some factors only: `T^u = sum_y T^(u,y)` over the tokens `y` of the hidden ones.
 *
 * The hidden factors stay in the state space, since they may influence what is seen; {@link minimalRealization} removes them where
 * they do not.
 *
 * @throws InvalidArgumentError if `hidden` is not some of the factors, or `sizes` is needed and not given
 * @throws ShapeError if the sizes do not multiply to the number of tokens, or `alphabet` has another length than there are tokens left
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, hideFactors, tensorProduct, wordProbability } from "@semifactor/ghmm";
 *
 * const pair = tensorProduct(coin({ p: 0.6 }), coin({ p: 0.7 }));
 * const first = hideFactors(pair, { sizes: [2, 2], hidden: [1] });
 * expect(first.alphabet).toEqual(["0", "1"]);
 * expect(wordProbability(first, [0])).toBeCloseTo(0.6, 14);
 * ```
 */
export function hideFactors(process: Process, options: HideFactorsOptions): Process {
  const source = "hideFactors";
  const sizes = readSizes(source, process, options.sizes);
  const hidden = readFactors(source, "hidden", options.hidden, sizes.length);
  const isVisible = (n: number): boolean => !hidden.has(n);
  const map = projectTokens(sizes, isVisible);
  const count = sizes.filter((_, n) => isVisible(n)).reduce((product, size) => product * size, 1);
  const names = options.alphabet ?? visibleNames(process, sizes, map, isVisible);
  const alphabet = readAlphabet(source, count, names);
  return mixTokens(source, process, (from, to) => (map[from] === to ? 1 : 0), alphabet);
}
