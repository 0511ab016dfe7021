import { describe, expect, test } from "vitest";
import { document, parse } from "../_testing/parse.ts";
import { composeFigure } from "./compose.ts";
import { type LegendItem, legend, textWidth } from "./legend.ts";

const items: readonly LegendItem[] = ["one", "two", "three"].map((label) => ({
  label,
  line: { color: "#0060a0", dash: "none", width: 2 },
}));

describe("legend", () => {
  test("one line where there is room, a line for each item where there is none", () => {
    const wide = legend(items, 1000, 0, 0);
    expect(legend(items, 1, 0, 0).height).toBe(3 * wide.height);
    expect(legend([], 1000, 0, 0).height).toBe(wide.height);
  });

  test("an item that fits exactly stays on the line", () => {
    // each item is its sample (30), a gap (7) and its label; 20 lie between two items
    const width = items.reduce((sum, { label }) => sum + 37 + textWidth(label), 0) + 2 * 20;
    const oneLine = legend(items, 1000, 0, 0).height;
    expect(legend(items, width + 1e-9, 0, 0).height).toBe(oneLine);
    expect(legend(items, width - 1, 0, 0).height).toBe(2 * oneLine);
  });

  test("stands where it is put, with a sample and a label for every item", () => {
    const key = legend(items, 1000, 12, 34);
    expect([key.x, key.y]).toEqual([12, 34]);
    const svg = parse(
      composeFigure({ source: "f", document, width: 1000, height: 100, title: "t", caption: "c", panels: [key] }),
    );
    expect([...svg.querySelectorAll("text")].map((text) => text.textContent)).toEqual(["one", "two", "three"]);
    expect(svg.querySelectorAll('g[aria-label="link"] path')).toHaveLength(3);
  });

  test("the estimated width of a label is proportional to its length and size", () => {
    expect(textWidth("abcd")).toBeCloseTo(2 * textWidth("ab"), 12);
    expect(textWidth("abcd", 24)).toBeCloseTo(2 * textWidth("abcd", 12), 12);
  });
});
