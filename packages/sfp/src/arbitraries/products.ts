import { chainProduct, type Process, tensorProduct } from "@semifactor/ghmm";
import { type HmmArbitraryOptions, hmm } from "@semifactor/ghmm/arbitraries";
import fc from "fast-check";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { alignmentAndCapability } from "./partitions.ts";

/** A factored process with its factors. */
export interface FactoredProcess {
  readonly process: Process;
  readonly structure: TensorStructure;
  /** Number of tokens `[|U|, |Y|]` of the two factors; token `(u, y)` is `u |Y| + y`. */
  readonly tokenSizes: readonly [number, number];
}

/** An independent product `A (x) C`. */
export interface IndependentProcess extends FactoredProcess {
  readonly first: Process;
  readonly second: Process;
}

/** A chain: the second factor's operators depend on the first factor's token. */
export interface ChainedProcess extends FactoredProcess {
  readonly first: Process;
  /** The second factor given each token of the first. */
  readonly variants: readonly Process[];
}

const small: HmmArbitraryOptions = { maxStates: 3, maxTokens: 2 };

/**
 * Random independent products of two HMMs: `T^(u,y) = A^u (x) C^y`.
 *
 * @param options - of the factors; at most 3 states and 2 tokens by default
 * @example
 * ```ts
 * import { independentProcess } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(independentProcess(), ({ process, first, second }) => process.stateDim === first.stateDim * second.stateDim),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function independentProcess(options: HmmArbitraryOptions = {}): fc.Arbitrary<IndependentProcess> {
  const factor = hmm({ ...small, ...options });
  return fc.tuple(factor, factor).map(([first, second]) => ({
    first,
    second,
    process: tensorProduct(first, second),
    structure: alignmentAndCapability(first.stateDim, second.stateDim),
    tokenSizes: [first.alphabet.length, second.alphabet.length],
  }));
}

/**
 * Random chains: `T^(u,y) = A^u (x) C_u^y`, where the first factor's token chooses how the second moves.
 *
 * @example
 * ```ts
 * import { chainedProcess } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(chainedProcess(), ({ first, variants }) => variants.length === first.alphabet.length), { numRuns: 10 });
 * ```
 */
export function chainedProcess(): fc.Arbitrary<ChainedProcess> {
  const sameSize = fc.integer({ min: 1, max: 3 }).chain((states) => {
    const variant = hmm({ maxStates: states, maxTokens: 2 }).filter(
      ({ stateDim, alphabet }) => stateDim === states && alphabet.length === 2,
    );
    return fc.tuple(variant, variant);
  });
  return fc.tuple(hmm({ maxStates: 3, maxTokens: 2, stationary: false }), sameSize).map(([first, pair]) => {
    const variants = pair.slice(0, first.alphabet.length);
    const [second] = pair;
    return {
      first,
      variants,
      process: chainProduct({ first, variants }),
      structure: alignmentAndCapability(first.stateDim, second.stateDim),
      tokenSizes: [first.alphabet.length, second.alphabet.length],
    };
  });
}
