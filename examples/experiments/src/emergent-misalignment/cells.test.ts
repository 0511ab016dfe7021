import { UnsupportedError } from "@semifactor/ghmm";
import { personaSegmentsOptimalLoss, personaSegmentsSemiFactored } from "@semifactor/sfp";
import { describe, expect, test } from "vitest";
import { cellProcess } from "./cells.ts";
import { cellNames } from "./config.ts";

describe("cellProcess", () => {
  test("is the 2x2: sharing by the first word, code by the second", () => {
    const table = cellNames.map((cell) => [cell, cellProcess(cell).sharing, cellProcess(cell).code]);
    expect(table).toEqual([
      ["shared-direct", 1, "direct"],
      ["shared-pairs", 1, "pairs"],
      ["independent-direct", 0, "direct"],
      ["independent-pairs", 0, "pairs"],
    ]);
  });

  test("all four cells have the same Bayes-optimal loss on average, not by position", () => {
    const losses = cellNames.map((cell) => personaSegmentsOptimalLoss(cellProcess(cell)));
    const [first] = losses;
    for (const loss of losses) expect(loss.mean.total).toBeCloseTo(first?.mean.total ?? 0, 10);
    // The independent cells relearn the bit in every new context, so a later segment is harder than in the shared cells.
    expect(losses[2]?.byPosition[4]).toBeGreaterThan((losses[0]?.byPosition[4] ?? 0) + 0.01);
  });

  test.each(["shared-direct", "shared-pairs"] as const)(
    "%s is a semi-factored process with the persona as conserved sector",
    (cell) => {
      const process = personaSegmentsSemiFactored(cellProcess(cell));
      expect(process.kind).toBe("sector");
      expect(process.partition.blocks).toHaveLength(2);
      expect(process.defect).toBe(0);
    },
  );

  test("an independent cell has no such block", () => {
    expect(() => personaSegmentsSemiFactored(cellProcess("independent-pairs"))).toThrow(UnsupportedError);
  });
});
