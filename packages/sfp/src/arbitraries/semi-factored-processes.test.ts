import { nextTokenDistribution } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partitionDefect } from "../structure/commutator.ts";
import { partition } from "../structure/partition.ts";
import { blockDiagonalHmm } from "./_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "./partitions.ts";
import { sectorProcess, semiFactoredProcess } from "./semi-factored-processes.ts";

describe("semi-factored arbitraries", () => {
  test("preserve their blocks, and their rows are laws", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), (process) => {
        expect(partitionDefect("test", process, process.partition).defect).toBe(0);
        const total = nextTokenDistribution(process, process.initial).reduce((sum, p) => sum + p, 0);
        expect(total).toBeCloseTo(1, 12);
      }),
    );
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
    expect(partitionDefect("test", blockDiagonalHmm(blocks, 2, 3, 1e-4), blocks).defect).toBe(1e-4);
  });
});
