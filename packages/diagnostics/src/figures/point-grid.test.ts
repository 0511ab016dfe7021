import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { document, expectMarksCounted, expectWellFormed, parse, texts } from "./_testing/parse.ts";
import { pointGrid } from "./point-grid.ts";

const figure = pointGrid({
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
});

describe("pointGrid", () => {
  test("is well-formed SVG with a size, a name and a text alternative", () => {
    expectWellFormed(figure);
  });

  test("counts its data marks, and no coordinate is NaN", () => {
    expectMarksCounted(figure);
  });

  test("draws one bar per cell and one point per run, with means and counts in words", () => {
    expect(figure.marks).toBe(2 + 4);
    const all = texts(figure);
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
    const drawn = pointGrid({
      document,
      points: [
        { row: "shared", column: "pairs", seed: 0, value: 1 },
        { row: "independent", column: "direct", seed: 0, value: 0 },
      ],
    });
    expect(drawn.marks).toBe(4);
    expect(texts(drawn).match(/not run/g)).toHaveLength(2);
  });

  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })], { numRuns: 10 })(
    "every seed is a point of its own place",
    (values) => {
      const drawn = pointGrid({
        document,
        points: values.map((value, seed) => ({ row: "r", column: "c", seed, value })),
      });
      expect(drawn.marks).toBe(1 + values.length);
      const dots = [...parse(drawn).querySelectorAll('g[aria-label="dot"].data-mark circle')];
      expect(new Set(dots.map((dot) => dot.getAttribute("cx"))).size).toBe(values.length);
    },
  );

  test("refuses nothing to draw, and values and levels that are not finite", () => {
    const point = { row: "a", column: "b", seed: 0, value: 0.5 };
    expect(() => pointGrid({ document, points: [] })).toThrow("points is empty");
    expect(() => pointGrid({ document, points: [{ ...point, value: Number.NaN }] })).toThrow("is NaN");
    expect(() => pointGrid({ document, points: [point], levels: [0.2, Number.POSITIVE_INFINITY] })).toThrow(
      InvalidArgumentError,
    );
  });

  test("labels are text, never markup", () => {
    const hostile = '<script>alert("x")</script>&<b';
    const drawn = pointGrid({
      document,
      title: hostile,
      points: [{ row: hostile, column: hostile, panel: hostile, seed: hostile, value: 1 }],
    });
    const svg = parse(drawn);
    expect(svg.querySelector("script, b")).toBeNull();
    expect(texts(drawn)).toContain(hostile);
  });
});
