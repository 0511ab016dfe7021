import { changeBasis, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { textWidth } from "@semifactor/ghmm/internal";
import { describe, expect, test } from "vitest";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { operatorHeatmap } from "./operator-heatmap.ts";

const process = phaseLockedZ1r({ kappa: 0.5 });
const operators = process.alphabet.map((name, token) => ({ name: `token ${name}`, matrix: process.operator(token) }));
const blocks = process.partition.blocks.map(({ states }) => states);
const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;

describe("operatorHeatmap", () => {
  test("draws one cell for every entry that is not zero, with what it is", () => {
    const svg = operatorHeatmap(operators);
    const nonZero = operators.reduce((sum, { matrix }) => sum + matrix.filter((value) => value !== 0).length, 0);
    expect(count(svg, /<rect[^>]*><title>/g)).toBe(nonZero);
    // token 0,0 takes (0, 0) to (1, 1) for certain
    expect(svg).toContain("<title>0 to 4: 1</title>");
    expect(svg).not.toContain("<title>0 to 1:");
  });

  test("with blocks, all cells lie inside the outlines", () => {
    const svg = operatorHeatmap(operators, { blocks });
    for (const panel of svg.split('class="data-mark">').slice(1)) {
      const [cells = "", rest = ""] = panel.split("</g>");
      const box = (text: string) =>
        [...text.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map((found) =>
          found.slice(1).map(Number),
        );
      const outlines = box(rest + panel.split("</g>")[1]).slice(0, 3);
      expect(outlines.length).toBe(3);
      for (const [x = 0, y = 0, width = 0] of box(cells)) {
        const inside = outlines.some(
          ([ox = 0, oy = 0, side = 0]) =>
            x > ox - 0.1 && y > oy - 0.1 && x + width < ox + side + 0.1 && y + width < oy + side + 0.1,
        );
        expect(inside).toBe(true);
      }
    }
  });

  test("negative entries have a dash and the scale two ends", () => {
    const basis = Array.from({ length: 9 }, (_, i) =>
      Array.from({ length: 9 }, (_, j) => (i === j ? 2 : Math.sin(i + 2 * j))),
    );
    const scrambled = changeBasis(process, basis);
    const matrix = scrambled.operator(0);
    const svg = operatorHeatmap([{ name: "token 0,0", matrix }]);
    expect(count(svg, /h[\d.]+" stroke="#1b1f24"/g)).toBe(matrix.filter((value) => value < 0).length);
    expect(svg).toMatch(/>-[\d.]+<\/text>/);
    expect(operatorHeatmap(operators)).not.toMatch(/>-[\d.]+<\/text>/);
  });

  test("names are escaped, titles and descriptions kept", () => {
    const svg = operatorHeatmap([{ name: "<0>", matrix: [1] }], { title: "a & b", description: "one state" });
    expect(svg).toContain("&lt;0&gt;");
    expect(svg).toContain("<title>a &amp; b</title><desc>one state</desc>");
  });

  test("refuses what it cannot draw", () => {
    expect(() => operatorHeatmap([])).toThrow(ShapeError);
    expect(() => operatorHeatmap([{ name: "0", matrix: [1, 2] }])).toThrow('operator "0" has 2 entries');
    expect(() => operatorHeatmap([...operators, { name: "x", matrix: [1] }])).toThrow(ShapeError);
    expect(() => operatorHeatmap([{ name: "0", matrix: [Number.NaN] }])).toThrow(InvalidArgumentError);
    expect(() => operatorHeatmap(operators, { blocks: [[0, 1]] })).toThrow("the blocks have 2 states");
    expect(() => operatorHeatmap(operators, { blocks: [...blocks, [0]] })).toThrow("10 states, 9 of them different");
    expect(() => operatorHeatmap(operators, { states: ["a"] })).toThrow("1 names for 9 states");
    expect(() => operatorHeatmap(operators, { width: 10 })).toThrow("width is 10");
    const large = { name: "0", matrix: new Float64Array(2 ** 20) };
    expect(() => operatorHeatmap([large])).toThrow("the operators have 1048576 entries");
  });

  test("long names neither run over their panels nor into each other", () => {
    const matrix = new Float64Array(144).fill(1 / 12);
    const name = "an operator with a name that is wider than its panel by far";
    const states = Array.from({ length: 12 }, (_, s) => `state ${s}`);
    const svg = operatorHeatmap(
      Array.from({ length: 4 }, () => ({ name, matrix })),
      { states },
    );
    expect(svg).not.toContain(`>${name}<`);
    expect(svg).toContain("an operator");
    // beside the rows, all inside the drawing; above the columns, only as many as have room
    const panel = svg.slice(0, svg.indexOf('class="data-mark"'));
    const places = [...panel.matchAll(/<text x="([\d.-]+)" y="[\d.-]+"( text-anchor="end")? font-size="10">([^<]*)</g)];
    const [rows, columns] = [
      places.filter((place) => place[2] !== undefined),
      places.filter((place) => place[2] === undefined),
    ];
    expect(rows).toHaveLength(12);
    for (const [, x, , text = ""] of rows) expect(Number(x) - textWidth(text) / 1.2).toBeGreaterThanOrEqual(0);
    const at = columns.map(([, x]) => Number(x));
    const widest = Math.max(...columns.map(([, , , text = ""]) => textWidth(text) / 1.2));
    expect(at.length).toBeGreaterThan(1);
    at.slice(1).forEach((x, i) => void expect(x - (at[i] ?? 0)).toBeGreaterThan(widest - 3));
    // short names are all there
    const plain = operatorHeatmap([{ name: "a", matrix }]);
    expect([...plain.matchAll(/font-size="10"/g)]).toHaveLength(24);
  });
});
