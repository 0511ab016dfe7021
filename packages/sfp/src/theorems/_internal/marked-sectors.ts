import { createHmm, createKey, foldIn, uniform } from "@semifactor/ghmm";
import fc from "fast-check";
import { blockDiagonalHmm } from "../../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { partition } from "../../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../../structure/semi-factored.ts";

/**
 * Random sector processes whose sectors can be told apart: token `(u, y)`, where y comes from a random HMM with those sectors and the
 * mark u is 1 with a probability that depends on the state, in an interval of the sector that no other overlaps. Sectors of one state,
 * and of two.
 */
export const markedSectors: fc.Arbitrary<SemiFactoredProcess> = fc
  .record({ seed: fc.nat(100_000), dC: fc.integer({ min: 2, max: 3 }), wide: fc.boolean() })
  .map(({ seed, dC, wide }) => {
    const dA = wide || seed % 2 === 1 ? 3 : 2;
    const structure = alignmentAndCapability(dA, dC);
    const capability = Array.from({ length: dC }, (_, s) => [s]);
    const blocks = wide
      ? partition({
          structure,
          blocks: "sectors",
          sectors: [[[0, 1], [2]], capability],
        })
      : partition({ structure, blocks: "sectors" });
    const plain = blockDiagonalHmm(blocks, 2, seed);
    const { stateDim } = plain;
    const draws = uniform(foldIn(createKey(seed), 77), stateDim);
    const marks = Array.from(draws, (u, s) => ((blocks.blockOf[s] ?? 0) + 0.35 + 0.3 * u) / blocks.blocks.length);
    const operators = [0, 1].flatMap((mark) =>
      [0, 1].map((y) => {
        const operator = plain.operator(y);
        return marks.map((one, s) =>
          Array.from(
            operator.subarray(s * stateDim, (s + 1) * stateDim),
            (value) => value * (mark === 1 ? one : 1 - one),
          ),
        );
      }),
    );
    return semiFactored({ process: createHmm({ operators, initial: Array.from(plain.initial) }), structure, blocks });
  });
