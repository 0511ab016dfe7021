import { createKey, uniform } from "@semifactor/ghmm";
import fc from "fast-check";
import { type Cell, type Partition, partition } from "../structure/partition.ts";
import { type TensorStructure, tensorStructure } from "../structure/tensor-structure.ts";

/** An alignment factor of `dA` states and a capability factor of `dC`. */
export function alignmentAndCapability(dA: number, dC: number): TensorStructure {
  return tensorStructure({
    factors: [
      { name: "alignment", dimension: dA },
      { name: "capability", dimension: dC },
    ],
  });
}

/**
 * Random partitions of a small tensor structure (2 or 3 alignment states, 1 to 3 capability states): a random one of two or three
 * blocks for every cell, or every cell its own block.
 *
 * @example
 * ```ts
 * import { blockPartition } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(blockPartition(), ({ blocks }) => blocks.length >= 2), { numRuns: 10 });
 * ```
 */
export function blockPartition(): fc.Arbitrary<Partition> {
  return fc
    .record({ dA: fc.integer({ min: 2, max: 3 }), dC: fc.integer({ min: 1, max: 3 }), seed: fc.nat(1000) })
    .map(({ dA, dC, seed }) => {
      const structure = alignmentAndCapability(dA, dC);
      if (seed % 5 === 0) return partition({ structure, blocks: "cells" });
      const cells = Array.from({ length: dA * dC }, (_, s): Cell => [Math.floor(s / dC), s % dC]);
      const labels = Array.from(uniform(createKey(seed), cells.length), (u) => Math.floor(3 * u));
      labels[0] = 0;
      labels[labels.length - 1] = 1;
      const blocks = [0, 1, 2]
        .map((label) => cells.filter((_, s) => labels[s] === label))
        .filter(({ length }) => length > 0);
      return partition({ structure, blocks });
    });
}
