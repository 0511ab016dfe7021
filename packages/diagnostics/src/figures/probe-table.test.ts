import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { document, expectMarksCounted, expectWellFormed, parse, texts } from "./_testing/parse.ts";
import { markSelector } from "./figure.ts";
import { probeTable } from "./probe-table.ts";

const figure = probeTable({
  document,
  cells: [
    { row: "persona", layer: "blocks.0.hook_resid_pre", r2: -0.4, untrained: 0.02 },
    { row: "persona", layer: "blocks.1.hook_resid_mid", r2: 0.93 },
  ],
});

describe("probeTable", () => {
  test("is well-formed SVG with a size, a name and a text alternative", () => {
    expectWellFormed(figure);
  });

  test("counts its data marks, and no coordinate is NaN", () => {
    expectMarksCounted(figure);
  });

  test("prints every value and baseline; colour never leaves the ramp", () => {
    expect(figure.marks).toBe(2);
    const all = texts(figure);
    for (const label of ["−0.40", "0.93", "untrained 0.02", "persona", "hook_resid_mid", "held-out R²"]) {
      expect(all).toContain(label);
    }
    const fills = [...parse(figure).querySelectorAll(markSelector)].map((cell) => cell.getAttribute("fill"));
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

  test("rows and columns stand in the order of their first cell, and a cell that is missing leaves its place empty", () => {
    const drawn = probeTable({
      document,
      cells: [
        { row: "z", layer: "last", r2: 0.1 },
        { row: "a", layer: "first", r2: 0.2 },
        { row: "a", layer: "last", r2: 0.3 },
      ],
    });
    const at = (name: string) =>
      [...parse(drawn).querySelectorAll(markSelector)].map((cell) => Number(cell.getAttribute(name)));
    const [x, y] = [at("x"), at("y")];
    expect(drawn.marks).toBe(3);
    expect([x[2], y[2]]).toEqual([x[0], y[1]]);
    expect(x[1]).toBeGreaterThan(x[0] ?? Number.NaN);
    expect(y[1]).toBeGreaterThan(y[0] ?? Number.NaN);
    expect(texts(drawn)).not.toContain("untrained");
  });

  test("refuses nothing to draw, and values that are not finite", () => {
    const cell = { row: "a", layer: "b", r2: 0.5 };
    expect(() => probeTable({ document, cells: [] })).toThrow("cells is empty");
    expect(() => probeTable({ document, cells: [{ ...cell, r2: Number.POSITIVE_INFINITY }] })).toThrow("is Infinity");
    expect(() => probeTable({ document, cells: [{ ...cell, untrained: Number.NaN }] })).toThrow(InvalidArgumentError);
  });
});
