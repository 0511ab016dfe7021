import fc from "fast-check";
import { partition } from "../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { blockDiagonalHmm } from "./_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability, blockPartition } from "./partitions.ts";

/** Size limits of {@link semiFactoredProcess} and {@link sectorProcess}. */
export interface SemiFactoredArbitraryOptions {
  /** Most tokens, 3 by default; there are at least 2. */
  readonly maxTokens?: number;
}

const tokens = ({ maxTokens = 3 }: SemiFactoredArbitraryOptions) => fc.integer({ min: 2, max: maxTokens });

/**
 * Random semi-factored HMMs over a random partition of any kind: inside a block every operator entry is positive, so all words are
 * possible; the start is random, not stationary.
 *
 * @example
 * ```ts
 * import { blockWeights } from "@semifactor/sfp";
 * import { semiFactoredProcess } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(semiFactoredProcess(), (process) => blockWeights(process, process.initial).every((weight) => weight > 0)),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function semiFactoredProcess(options: SemiFactoredArbitraryOptions = {}): fc.Arbitrary<SemiFactoredProcess> {
  return fc
    .record({ blocks: blockPartition(), tokens: tokens(options), seed: fc.nat(10_000) })
    .map(({ blocks, tokens, seed }) =>
      semiFactored({ process: blockDiagonalHmm(blocks, tokens, seed), structure: blocks.structure, blocks }),
    );
}

/**
 * Random semi-factored HMMs whose blocks are the two or three states of the alignment factor ("personas"), over two or three
 * capability states.
 *
 * @example
 * ```ts
 * import { sectorProcess } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(sectorProcess(), ({ kind }) => kind === "sector"), { numRuns: 10 });
 * ```
 */
export function sectorProcess(options: SemiFactoredArbitraryOptions = {}): fc.Arbitrary<SemiFactoredProcess> {
  const states = fc.integer({ min: 2, max: 3 });
  return fc
    .record({ dA: states, dC: states, tokens: tokens(options), seed: fc.nat(10_000) })
    .map(({ dA, dC, tokens, seed }) => {
      const structure = alignmentAndCapability(dA, dC);
      const blocks = partition({ structure, blocks: "sectors" });
      return semiFactored({ process: blockDiagonalHmm(blocks, tokens, seed), structure, blocks });
    });
}
