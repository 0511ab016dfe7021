import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { syntheticResult } from "./_internal/synthetic-result.ts";
import { cellNames } from "./config.ts";
import { reading, studyReport } from "./report.ts";
import { figureFiles, studyFigures } from "./report-figures.ts";

const results = [0, 1].flatMap((seed) => cellNames.map((cell) => syntheticResult(cell, seed, 0.4 + seed / 10)));

describe("studyReport", () => {
  const html = studyReport(results);
  const { document } = new JSDOM(html).window;

  test("is one file: no script, no link, no external source", () => {
    expect(document.querySelectorAll("script, link, iframe, img, object")).toHaveLength(0);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test("draws every figure, with the marks it announces", () => {
    const figures = [...document.querySelectorAll("figure[data-marks]")];
    expect(figures).toHaveLength(5);
    for (const figure of figures) {
      const announced = Number(figure.getAttribute("data-marks"));
      expect(announced).toBeGreaterThan(0);
      expect(figure.querySelectorAll("svg g.data-mark > *")).toHaveLength(announced);
    }
  });

  test("says what the study does and does not show", () => {
    for (const paragraph of reading) expect(document.body.textContent).toContain(paragraph);
  });

  test("names every cell and seed in the tables", () => {
    const [first] = document.querySelectorAll("table");
    expect(first?.querySelectorAll("tbody tr")).toHaveLength(8);
  });

  test("does not depend on the order in which cells finished", () => {
    expect(studyReport(results)).toBe(html);
    expect(studyFigures([...results].reverse()).grid.svg).toBe(studyFigures(results).grid.svg);
  });

  test("a smoke report says so in its title", () => {
    const smoke = studyReport([syntheticResult("shared-pairs", 0, 0.4, { smoke: true })]);
    expect(new JSDOM(smoke).window.document.title).toContain("figures mean nothing");
  });
});

test("every figure is also a file of its own, on white", () => {
  const files = figureFiles(studyFigures(results));
  expect([...files.keys()]).toEqual(["grid.svg", "learning-curves.svg", "shift-0.svg", "shift-1.svg", "probes-0.svg"]);
  for (const svg of files.values()) expect(svg).toMatch(/^<svg style="background:#fff" xmlns=/);
});
