import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { JSDOM } from "jsdom";
import { describe, expect } from "vitest";
import { extent } from "./_internal/compose.ts";
import { type Figure, markSelector } from "./figure.ts";
import { learningCurves } from "./learning-curves.ts";
import { pointGrid } from "./point-grid.ts";
import { probeTable } from "./probe-table.ts";
import { shiftCurves } from "./shift-curves.ts";

const { document } = new JSDOM("").window;
const steps = [0, 10, 20, 30];

/** Parses a figure as a browser opening the .svg file would (strict XML), and returns its root. */
function parse(figure: Figure): Element {
  const { DOMParser } = new JSDOM("").window;
  const parsed = new DOMParser().parseFromString(figure.svg, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.documentElement.namespaceURI).toBe("http://www.w3.org/2000/svg");
  return parsed.documentElement;
}

function texts(figure: Figure): string {
  return [...parse(figure).querySelectorAll("text")].map((text) => text.textContent).join(" | ");
}

const one = {
  learningCurves: learningCurves({
    document,
    curves: ["a", "b"].map((cell) => ({ cell, seed: 0, steps, excessLoss: [1, 0.1, 0.01, -0.001] })),
    gate: 0.03,
  }),
  shiftCurves: shiftCurves({
    document,
    panels: [
      { cell: "a", adapter: "LoRA", steps, held: [0, 0.1, 0.2, 0.3, 0, 0.3, 0.6, 1.1], narrow: [0, 0.5, 1, 1] },
      { cell: "b", adapter: "D*", steps, held: [0, 0, 0, -0.1] },
    ],
  }),
  pointGrid: pointGrid({
    document,
    points: [0, 1].flatMap((seed) =>
      ["shared", "independent"].map((row) => ({
        row,
        column: "pairs",
        panel: "D*",
        seed,
        value: seed / 2,
        passed: seed === 0,
      })),
    ),
  }),
  probeTable: probeTable({
    document,
    cells: [
      { row: "persona", layer: "blocks.0.hook_resid_pre", r2: -0.4, untrained: 0.02 },
      { row: "persona", layer: "blocks.1.hook_resid_mid", r2: 0.93 },
    ],
  }),
};

describe.each(Object.entries(one))("%s", (_, figure) => {
  test("is well-formed SVG with a size, a name and a text alternative", () => {
    const svg = parse(figure);
    expect(svg.getAttribute("aria-label")).toBe(figure.title);
    expect(svg.getAttribute("viewBox")).toBe(`0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    expect(figure.caption.length).toBeGreaterThan(20);
  });

  test("counts its data marks, and no coordinate is NaN", () => {
    expect(figure.marks).toBeGreaterThan(0);
    expect(parse(figure).querySelectorAll(markSelector)).toHaveLength(figure.marks);
    expect(figure.svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("learningCurves", () => {
  test("draws a line and symbols per run, axis labels with units, gate and Bayes line", () => {
    expect(one.learningCurves.marks).toBe(2 * (1 + 4));
    const all = texts(one.learningCurves);
    for (const label of ["training step", "nats per emission", "Bayes optimum", "gate (0.03)", "a", "b"]) {
      expect(all).toContain(label);
    }
  });

  test("cells differ in dash and symbol as well as in colour", () => {
    const lines = [...parse(one.learningCurves).querySelectorAll(`${markSelector}`)].filter(
      (mark) => mark.parentElement?.getAttribute("aria-label") === "line",
    );
    const styles = lines.map((line) => [
      line.parentElement?.getAttribute("stroke"),
      line.parentElement?.getAttribute("stroke-dasharray"),
    ]);
    expect(new Set(styles.map(([color]) => color)).size).toBe(2);
    expect(new Set(styles.map(([, dash]) => dash)).size).toBe(2);
  });

  test("the Bayes line is at zero, below every positive point", () => {
    const rules = [...parse(one.learningCurves).querySelectorAll('g[aria-label="rule"] line')];
    const y = rules.map((line) => Number(line.getAttribute("y1")));
    const symbols = [...parse(one.learningCurves).querySelectorAll(`g[aria-label="dot"].data-mark > *`)];
    const heights = symbols.map((dot) =>
      Number(/translate\([^,]+,([^)]+)\)/.exec(dot.getAttribute("transform") ?? "")?.[1] ?? dot.getAttribute("cy")),
    );
    expect(Math.max(...y)).toBeGreaterThan(heights[2] ?? Number.POSITIVE_INFINITY); // excess .01
    expect(Math.max(...y)).toBeLessThan(heights[3] ?? 0); // excess -.001
  });

  test("the default axis spreads small values out: a decade near .1 takes about as much room as a decade near 1", () => {
    const curves = [{ cell: "a", steps, excessLoss: [3, 0.3, 0.03, 0] }];
    const height = (scale: "symlog" | "linear") =>
      [
        ...parse(learningCurves({ document, curves, scale })).querySelectorAll('g[aria-label="dot"].data-mark circle'),
      ].map((dot) => Number(dot.getAttribute("cy")));
    const share = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) =>
      [b - a, c - b, d - c].map((gap) => gap / (d - a));
    // asinh-like: log10(1 + x / .01) is 2.48, 1.49, .60, 0.
    const [first = 0, second = 0, third = 0] = share(height("symlog"));
    expect(first).toBeCloseTo((2.479 - 1.491) / 2.479, 2);
    expect(second).toBeCloseTo((1.491 - 0.602) / 2.479, 2);
    expect(third).toBeCloseTo(0.602 / 2.479, 2);
    expect(share(height("linear"))[0]).toBeCloseTo(0.9, 2);
  });

  test("a log axis drops points at or below zero and says so", () => {
    const curves = [{ cell: "a", steps, excessLoss: [1, 0.1, 0, -0.1] }];
    const figure = learningCurves({ document, curves, scale: "log" });
    expect(figure.marks).toBe(1 + 2);
    expect(figure.caption).toContain("2 points at or below zero");
    expect(texts(figure)).not.toContain("Bayes optimum");
    expect(() =>
      learningCurves({ document, curves: [{ cell: "a", steps: [1], excessLoss: [0] }], scale: "log" }),
    ).toThrow(/none of the 1 points/);
  });

  test("thins symbols, not lines: a long run has about six", () => {
    const long = Array.from({ length: 500 }, (_, i) => i);
    const figure = learningCurves({
      document,
      curves: [{ cell: "a", steps: long, excessLoss: long.map((s) => Math.exp(-s / 99)) }],
    });
    expect(figure.marks).toBeGreaterThanOrEqual(1 + 6);
    expect(figure.marks).toBeLessThanOrEqual(1 + 8);
  });
});

describe("shiftCurves", () => {
  test("draws contexts, mean with circles and narrow line, and marks what was not run", () => {
    expect(one.shiftCurves.marks).toBe(2 + 1 + 1 + 4 + (1 + 1 + 4));
    const all = texts(one.shiftCurves);
    expect(all.match(/not run/g)).toHaveLength(2);
    for (const label of ["LoRA", "D*", "fine-tuning step", "shift (held)", "narrow contexts"])
      expect(all).toContain(label);
  });
});

describe("pointGrid", () => {
  test("draws one bar per cell and one point per run, with means and counts in words", () => {
    expect(one.pointGrid.marks).toBe(2 + 4);
    const all = texts(one.pointGrid);
    for (const label of ["0.25 (n=2)", "shared", "independent", "pairs", "D*", "missed a gate", "0.2 and 0.8"]) {
      expect(all).toContain(label);
    }
  });

  test("a run that missed a gate is a cross, every other run a dot", () => {
    const points = [true, undefined, false].map((passed, seed) => ({
      row: "shared",
      column: "pairs",
      seed,
      value: 0.5,
      ...(passed === undefined ? {} : { passed }),
    }));
    const groups = [...parse(pointGrid({ document, points })).querySelectorAll('g[aria-label="dot"].data-mark')];
    const titles = groups.map((group) => [...group.children].map((dot) => dot.textContent));
    expect(titles).toEqual([
      ["shared, pairs, seed 0: 0.50", "shared, pairs, seed 1: 0.50"],
      ["shared, pairs, seed 2: 0.50, missed a gate"],
    ]);
    expect(groups.map((group) => group.firstElementChild?.tagName)).toEqual(["circle", "path"]);
  });

  test("an empty combination is named, not drawn at zero", () => {
    const figure = pointGrid({
      document,
      points: [
        { row: "shared", column: "pairs", seed: 0, value: 1 },
        { row: "independent", column: "direct", seed: 0, value: 0 },
      ],
    });
    expect(figure.marks).toBe(4);
    expect(texts(figure).match(/not run/g)).toHaveLength(2);
  });

  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })], { numRuns: 10 })(
    "every seed is a point of its own place",
    (values) => {
      const figure = pointGrid({
        document,
        points: values.map((value, seed) => ({ row: "r", column: "c", seed, value })),
      });
      expect(figure.marks).toBe(1 + values.length);
      const dots = [...parse(figure).querySelectorAll('g[aria-label="dot"].data-mark circle')];
      expect(new Set(dots.map((dot) => dot.getAttribute("cx"))).size).toBe(values.length);
    },
  );
});

describe("probeTable", () => {
  test("prints every value and baseline; colour never leaves the ramp", () => {
    expect(one.probeTable.marks).toBe(2);
    const all = texts(one.probeTable);
    for (const label of ["−0.40", "0.93", "untrained 0.02", "persona", "hook_resid_mid", "held-out R²"]) {
      expect(all).toContain(label);
    }
    const fills = [...parse(one.probeTable).querySelectorAll(markSelector)].map((cell) => cell.getAttribute("fill"));
    expect(fills[0]).toBe("rgb(255,255,255)");
    expect(fills[1]).not.toBe(fills[0]);
  });

  test("the ramp is monotone in lightness", () => {
    const cells = Array.from({ length: 21 }, (_, i) => ({ row: "r", layer: `l${i}`, r2: i / 20 }));
    const lightness = [...parse(probeTable({ document, cells })).querySelectorAll(markSelector)].map((cell) => {
      const [r = 0, g = 0, b = 0] = (cell.getAttribute("fill") ?? "").match(/\d+/g)?.map(Number) ?? [];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    expect(lightness).toHaveLength(21);
    lightness.slice(1).forEach((value, i) => {
      expect(value).toBeLessThan(lightness[i] ?? 0);
    });
  });
});

describe("bad input and hostile labels", () => {
  test("nothing to draw", () => {
    expect(() => learningCurves({ document, curves: [] })).toThrow(InvalidArgumentError);
    expect(() => shiftCurves({ document, panels: [] })).toThrow("panels is empty");
    expect(() => pointGrid({ document, points: [] })).toThrow("points is empty");
    expect(() => probeTable({ document, cells: [] })).toThrow("cells is empty");
  });

  test("values that are not finite, and arrays that do not match", () => {
    expect(() =>
      learningCurves({ document, curves: [{ cell: "a", steps, excessLoss: [1, Number.NaN, 0, 0] }] }),
    ).toThrow("excessLoss of a[1, 0] is NaN");
    expect(() => learningCurves({ document, curves: [{ cell: "a", steps, excessLoss: [1] }] })).toThrow(ShapeError);
    expect(() => shiftCurves({ document, panels: [{ cell: "a", adapter: "b", steps, held: [1] }] })).toThrow(
      ShapeError,
    );
    expect(() => pointGrid({ document, points: [{ row: "a", column: "b", seed: 0, value: Number.NaN }] })).toThrow(
      "is NaN",
    );
    expect(() => probeTable({ document, cells: [{ row: "a", layer: "b", r2: Number.POSITIVE_INFINITY }] })).toThrow(
      "is Infinity",
    );
  });

  test("labels are text, never markup", () => {
    const hostile = '<script>alert("x")</script>&<b';
    const figure = pointGrid({
      document,
      title: hostile,
      points: [{ row: hostile, column: hostile, panel: hostile, seed: hostile, value: 1 }],
    });
    const svg = parse(figure);
    expect(svg.querySelector("script, b")).toBeNull();
    expect(texts(figure)).toContain(hostile);
  });
});

test("a gate that is not finite is refused", () => {
  const curves = [{ cell: "a", steps, excessLoss: [1, 0.1, 0.01, 0] }];
  expect(() => learningCurves({ document, curves, gate: Number.NaN })).toThrow(InvalidArgumentError);
});

test("the extent of more values than a call takes arguments", () => {
  const values = Array.from({ length: 300_000 }, (_, i) => i / 1e5);
  expect(extent(values, -1, 1)).toEqual([-1, 2.99999]);
  expect(extent([], 0, 1)).toEqual([0, 1]);
});
