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
