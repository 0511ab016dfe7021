import { InvalidArgumentError } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { document, parse } from "../_testing/parse.ts";
import { composeFigure, distinct, extent, requireData } from "./compose.ts";

test("the extent of more values than a call takes arguments", () => {
  const values = Array.from({ length: 300_000 }, (_, i) => i / 1e5);
  expect(extent(values, -1, 1)).toEqual([-1, 2.99999]);
  expect(extent([], 0, 1)).toEqual([0, 1]);
});

test("distinct values keep the order of their first appearance", () => {
  expect(distinct(["b", "a", "b", "c", "a"])).toEqual(["b", "a", "c"]);
});

test("nothing to draw is refused in the name of the figure", () => {
  expect(() => requireData("someFigure", "points", 0)).toThrow("someFigure: points is empty");
  expect(() => requireData("someFigure", "points", 1)).not.toThrow();
});

test("panels are placed where they are asked for, without a style sheet that would leak into the page", () => {
  const plot = { width: 10, height: 10 };
  const frame = { source: "someFigure", width: 50, height: 20, title: "t", caption: "c" };
  const figure = composeFigure({ ...frame, document, panels: [5, 30].map((x) => ({ plot, x, y: 2 })) });
  const panels = [...parse(figure).children];
  expect(panels.map((panel) => panel.getAttribute("transform"))).toEqual(["translate(5,2)", "translate(30,2)"]);
  expect(figure.svg).not.toContain("<style");
  // @ts-expect-error the compiler refuses it too
  expect(() => composeFigure({ ...frame, document: {}, panels: [] })).toThrow(InvalidArgumentError);
});
