import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { blockWeightPlot } from "./block-weight-plot.ts";

const weights = [
  [0.5, 0.5],
  [0.8, 0.2],
  [1, 0],
];

describe("blockWeightPlot", () => {
  test("draws a line per block over all positions, from the top at 1 to the bottom at 0", () => {
    const svg = blockWeightPlot(weights, { names: ["aligned", "misaligned"], firstPosition: 1 });
    const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].slice(1).map(([, , y]) => Number(y));
    expect(circles.length).toBe(3);
    const [half = 0, most = 0, top = 0] = circles;
    expect((half - most) / (most - top)).toBeCloseTo(0.3 / 0.2, 2);
    expect(svg).toContain(">aligned</text>");
    expect(svg).toContain(">3</text>");
    expect(svg).not.toContain(">0.5</text>");
  });

  test("one position is drawn, many are drawn without markers", () => {
    expect(blockWeightPlot([[1, 0]])).toContain(">block 1</text>");
    const many = Array.from({ length: 100 }, (_, t) => [t / 99, 1 - t / 99]);
    expect([...blockWeightPlot(many).matchAll(/<circle/g)].length).toBe(1);
  });

  test("refuses what is no weight", () => {
    expect(() => blockWeightPlot([])).toThrow(ShapeError);
    expect(() => blockWeightPlot([[0.5, 0.5], [1]])).toThrow("weights[1] has 1 entries");
    expect(() => blockWeightPlot([[1.5, -0.5]])).toThrow("weights[0][0] is 1.5");
    expect(() => blockWeightPlot([[Number.NaN, 1]])).toThrow(InvalidArgumentError);
    expect(() => blockWeightPlot(weights, { names: ["a"] })).toThrow("1 names");
    expect(() => blockWeightPlot(weights, { width: 1e9 })).toThrow("width is 1000000000");
  });

  test("refuses rows that are missing and positions that are none", () => {
    const weights = [[0.5, 0.5]];
    weights[2] = [0.4, 0.6];
    expect(() => blockWeightPlot(weights)).toThrow("weights[1] has no entries");
    for (const firstPosition of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => blockWeightPlot([[0.5, 0.5]], { firstPosition })).toThrow(`firstPosition is ${firstPosition}`);
    }
  });
});
