import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { document, expectMarksCounted, expectWellFormed, parse, texts } from "./_testing/parse.ts";
import { markSelector } from "./figure.ts";
import { learningCurves } from "./learning-curves.ts";

const steps = [0, 10, 20, 30];
const figure = learningCurves({
  document,
  curves: ["a", "b"].map((cell) => ({ cell, seed: 0, steps, excessLoss: [1, 0.1, 0.01, -0.001] })),
  gate: 0.03,
});

describe("learningCurves", () => {
  test("is well-formed SVG with a size, a name and a text alternative", () => {
    expectWellFormed(figure);
  });

  test("counts its data marks, and no coordinate is NaN", () => {
    expectMarksCounted(figure);
  });

  test("draws a line and symbols per run, axis labels with units, gate and Bayes line", () => {
    expect(figure.marks).toBe(2 * (1 + 4));
    const all = texts(figure);
    for (const label of ["training step", "nats per emission", "Bayes optimum", "gate (0.03)", "a", "b"]) {
      expect(all).toContain(label);
    }
  });

  test("cells differ in dash and symbol as well as in colour", () => {
    const lines = [...parse(figure).querySelectorAll(`${markSelector}`)].filter(
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
    const rules = [...parse(figure).querySelectorAll('g[aria-label="rule"] line')];
    const y = rules.map((line) => Number(line.getAttribute("y1")));
    const symbols = [...parse(figure).querySelectorAll(`g[aria-label="dot"].data-mark > *`)];
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
    const drawn = learningCurves({ document, curves, scale: "log" });
    expect(drawn.marks).toBe(1 + 2);
    expect(drawn.caption).toContain("2 points at or below zero");
    expect(texts(drawn)).not.toContain("Bayes optimum");
    expect(() =>
      learningCurves({ document, curves: [{ cell: "a", steps: [1], excessLoss: [0] }], scale: "log" }),
    ).toThrow(/none of the 1 points/);
  });

  test("thins symbols, not lines: a long run has about six", () => {
    const long = Array.from({ length: 500 }, (_, i) => i);
    const drawn = learningCurves({
      document,
      curves: [{ cell: "a", steps: long, excessLoss: long.map((s) => Math.exp(-s / 99)) }],
    });
    expect(drawn.marks).toBeGreaterThanOrEqual(1 + 6);
    expect(drawn.marks).toBeLessThanOrEqual(1 + 8);
  });

  test("refuses nothing to draw, values that are not finite, and arrays that do not match", () => {
    expect(() => learningCurves({ document, curves: [] })).toThrow(InvalidArgumentError);
    expect(() =>
      learningCurves({ document, curves: [{ cell: "a", steps, excessLoss: [1, Number.NaN, 0, 0] }] }),
    ).toThrow("excessLoss of a[1, 0] is NaN");
    expect(() => learningCurves({ document, curves: [{ cell: "a", steps, excessLoss: [1] }] })).toThrow(ShapeError);
  });

  test("a gate that is not finite is refused", () => {
    const curves = [{ cell: "a", steps, excessLoss: [1, 0.1, 0.01, 0] }];
    expect(() => learningCurves({ document, curves, gate: Number.NaN })).toThrow(InvalidArgumentError);
  });
});
