import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { cellConfig, cellNames, studyVersion } from "./config.ts";
import { studyReport } from "./report.ts";
import { figureFiles, studyFigures } from "./report-figures.ts";
import { assertStudy, cellResultSchema } from "./results.ts";
import { studySummary, studyTable } from "./table.ts";

/** The run that the documentation quotes, made by `npm start -- --seeds 4 --out runs/study`. */
const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../docs/${path}`, import.meta.url)), "utf8");
const study = v.parse(
  v.object({ version: v.literal(studyVersion), engine: v.string(), cells: v.array(cellResultSchema) }),
  JSON.parse(read("public/study/results.json")),
);

describe("the committed run", () => {
  test("is four seeds of all four cells, by today's recipe, none dropped", () => {
    expect(study.cells.map((cell) => cell.config)).toEqual(
      [0, 1, 2, 3].flatMap((seed) =>
        cellNames.map((cell) => cellConfig({ cell, seed, engine: study.engine, smoke: false })),
      ),
    );
  });

  test("D* with the pairs code: mean FRAC above .8 for shared and below .2 for independent personas", () => {
    const assertion = assertStudy(study.cells);
    expect(assertion).toMatchObject({ asserted: true, holds: true });
    // the figures that README and docs/study.md quote
    expect(assertion.sharedMean).toBeCloseTo(0.933, 3);
    expect(assertion.independentMean).toBeCloseTo(0.025, 3);
  });

  test("the committed summary, report and figure are what this code makes of the results", () => {
    expect(read("public/study/report.html") === studyReport(study.cells), "report.html is current").toBe(true);
    expect(read("public/study/summary.txt")).toBe(
      `${studyTable(study.cells)}\n${studySummary(study.cells).join("\n")}\n`,
    );
    expect(read("figures/study.svg")).toBe(figureFiles(studyFigures(study.cells)).get("grid.svg"));
  });
});
