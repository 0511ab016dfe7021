import { nextTokenDistribution } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partitionDefect } from "../structure/commutator.ts";
import { partition } from "../structure/partition.ts";
import { blockDiagonalHmm } from "./_internal/block-diagonal-hmm.ts";
import { jointBelief, productBelief, stochasticMatrix } from "./beliefs.ts";
import { alignmentAndCapability, blockPartition } from "./partitions.ts";
import { chainedProcess, independentProcess } from "./products.ts";
import { sectorProcess, semiFactoredProcess } from "./semi-factored-processes.ts";

/** How many of `runs` draws have a property: an arbitrary that never makes a case does not test it. */
function count<T>(arbitrary: fc.Arbitrary<T>, has: (value: T) => boolean, runs = 200): number {
  return fc.sample(arbitrary, { numRuns: runs, seed: 1 }).filter(has).length;
}

describe("semi-factored arbitraries", () => {
  test("preserve their blocks, of every kind, and their rows are laws", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), (process) => {
        expect(partitionDefect(process, process.partition).defect).toBe(0);
        const total = nextTokenDistribution(process, process.initial).reduce((sum, p) => sum + p, 0);
        expect(total).toBeCloseTo(1, 12);
      }),
    );
    for (const kind of ["sector", "graph", "cell"] as const) {
      expect(count(blockPartition(), (blocks) => blocks.kind === kind)).toBeGreaterThan(10);
    }
  });

  test("sectors are the states of the alignment factor", () => {
    fc.assert(
      fc.property(sectorProcess(), ({ partition: { conserved } }) => {
        expect(conserved).toEqual(["alignment"]);
      }),
    );
  });

  test("a leak is an entry between two blocks", () => {
    const blocks = partition({ structure: alignmentAndCapability(2, 2), blocks: "sectors" });
    expect(partitionDefect(blockDiagonalHmm(blocks, 2, 3, 1e-4), blocks).defect).toBe(1e-4);
  });
});

describe("factored arbitraries", () => {
  test("have as many states and tokens as their factors together", () => {
    fc.assert(
      fc.property(fc.oneof(independentProcess(), chainedProcess()), ({ process, structure, tokenSizes: [u, y] }) => {
        expect(process.stateDim).toBe(structure.stateDim);
        expect(process.alphabet.length).toBe(u * y);
      }),
    );
  });

  test("a chain's second factor follows the first one's token", () => {
    expect(count(chainedProcess(), ({ variants }) => variants.length === 2)).toBeGreaterThan(20);
  });
});

describe("beliefs", () => {
  test("sum to one; with zeros, with signs, as products", () => {
    fc.assert(
      fc.property(fc.oneof(jointBelief(), jointBelief({ signed: true }), productBelief()), ({ belief, dimensions }) => {
        expect(belief.length).toBe(dimensions[0] * dimensions[1]);
        expect(belief.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      }),
    );
    expect(count(jointBelief(), ({ belief }) => belief.includes(0))).toBeGreaterThan(20);
    expect(count(jointBelief({ signed: true }), ({ belief }) => belief.some((p) => p < 0))).toBeGreaterThan(20);
    expect(count(jointBelief(), ({ belief }) => belief.some((p) => p < 0))).toBe(0);
  });

  test("rows of stochastic matrices are laws", () => {
    fc.assert(
      fc.property(stochasticMatrix(3, 4), (matrix) => {
        for (let i = 0; i < 3; i++) {
          expect(matrix.slice(4 * i, 4 * i + 4).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
  });
});
