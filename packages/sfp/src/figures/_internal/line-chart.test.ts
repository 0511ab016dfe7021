import { expect, test } from "vitest";
import { lineChart } from "./line-chart.ts";

const chart = {
  xLabel: "position",
  yLabel: "value (bits)",
  firstPosition: 0,
  width: 400,
  title: "t",
  description: "d",
};

test("a value that is not finite is a gap in the line", () => {
  const svg = lineChart({ ...chart, series: [{ name: "a", values: [1, 2, Number.NaN, 3, 4] }] });
  const [path = ""] = /<path d="(M[^"]*)" fill="none"/.exec(svg)?.slice(1) ?? [];
  expect(path.match(/M/g)?.length).toBe(2);
  expect(path.match(/L/g)?.length).toBe(2);
});

test("the range comes from the data and contains zero; constant data have one", () => {
  const svg = lineChart({ ...chart, series: [{ name: "a", values: [3, 5] }] });
  expect(svg).toContain(">0</text>");
  expect(svg).toContain(">5</text>");
  expect(lineChart({ ...chart, series: [{ name: "a", values: [0, 0] }] })).toContain(">1</text>");
  expect(lineChart({ ...chart, series: [{ name: "a", values: [Number.NaN] }] })).not.toContain("NaN");
});

test("on a logarithmic axis what is not positive is left out", () => {
  const svg = lineChart({ ...chart, logarithmic: true, series: [{ name: "a", values: [1e-3, 0, 1e-6] }] });
  expect(svg).toContain(">1e-6</text>");
  expect(svg).not.toContain("NaN");
  expect(svg).not.toContain("Infinity");
});

test("long legends wrap and make the figure taller", () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ name: `a rather long name ${i}`, values: [i] }));
  const height = (svg: string) => Number(/height="([\d.]+)"/.exec(svg)?.[1]);
  expect(height(lineChart({ ...chart, series: many }))).toBeGreaterThan(
    height(lineChart({ ...chart, series: many.slice(0, 1) })) + 50,
  );
});

test("rounding is not drawn to its own scale", () => {
  const values = [0, 2e-17, 1e-17, -1e-17];
  const svg = lineChart({ ...chart, series: [{ name: "zero", values }] });
  expect(svg).not.toContain("e-1");
  expect(svg).toContain(">1<");
  const seen = lineChart({ ...chart, series: [{ name: "small", values: [0, 2e-11] }] });
  expect(seen).toContain("e-11");
});

test("a name that is wider than the figure is cut", () => {
  const name = "a very long name of a line that has no room in any legend of this width";
  const svg = lineChart({ ...chart, width: 200, series: [{ name, values: [1, 2] }] });
  expect(svg).not.toContain(name);
  expect(svg).toMatch(/a very long[^<]*…/);
});
