import { describe, expect, test } from "vitest";
import { syntheticResult } from "./_internal/synthetic-result.ts";
import { cellNames } from "./config.ts";
import { figure, studySummary, studyTable } from "./table.ts";

const oneSeed = cellNames.map((cell) => syntheticResult(cell, 0, 0.5));

describe("studyTable", () => {
  test("has a row per cell run, with FRAC and held of every adapter", () => {
    const text = studyTable(oneSeed);
    for (const cell of cellNames) expect(text).toContain(cell);
    expect(text.match(/0\.50 \/ 0\.50/g)).toHaveLength(16);
  });

  test("marks missed gates and keeps the row", () => {
    const result = syntheticResult("shared-pairs", 0, 0.5, { narrow: 0.5 });
    const text = studyTable([{ ...result, pretrain: { ...result.pretrain, excessLoss: 0.04, passesGate: false } }]);
    expect(text).toContain("0.0400 !");
    expect(text).toContain("0.50 / 0.50 *");
  });
});

describe("studySummary", () => {
  test("one seed asserts nothing and says so", () => {
    const text = studySummary(oneSeed).join("\n");
    expect(text).toContain("n = 1 seed per cell: nothing is asserted.");
    expect(text).not.toContain("Asserted");
  });

  test("four seeds print every seed of the assertion", () => {
    const results = [0, 1, 2, 3].flatMap((seed) => [
      syntheticResult("shared-pairs", seed, 0.9 + seed / 100),
      syntheticResult("independent-pairs", seed, 0.01),
    ]);
    const text = studySummary(results).join("\n");
    expect(text).toContain("holds (shared 0.90 0.91 0.92 0.93; independent 0.01 0.01 0.01 0.01)");
  });

  test("a smoke run says that its figures mean nothing", () => {
    expect(studySummary([syntheticResult("shared-pairs", 0, 1, { smoke: true })]).join(" ")).toContain(
      "smoke: figures mean nothing",
    );
  });
});

test("figure never prints minus zero", () => {
  expect(figure(-0.001)).toBe("0.00");
  expect(figure(-0.25)).toBe("-0.25");
});
