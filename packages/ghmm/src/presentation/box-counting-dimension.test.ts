import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { createKey } from "../random/key.ts";
import { line, square } from "./_testing/point-sets.ts";
import { cantorProcess, sierpinskiProcess } from "./_testing/processes.ts";
import { beliefPointCloud } from "./belief-point-cloud.ts";
import { boxCountingDimension } from "./box-counting-dimension.ts";
import { mixedStateTree } from "./mixed-state-tree.ts";

const key = createKey(3);
const CANTOR = Math.log(2) / Math.log(3);
const SIERPINSKI = Math.log(3) / Math.log(2);

describe("boxCountingDimension", () => {
  // Similarity dimensions: N maps of ratio r without overlap have dimension log N / log (1 / r) (Falconer, Fractal Geometry, 9.2).
  it("of Cantor's set is log 2 / log 3", () => {
    const found = boxCountingDimension(beliefPointCloud(cantorProcess(0.5), { points: 20_000, key }));
    expect(Math.abs(found.dimension - CANTOR)).toBeLessThan(0.02);
    expect(found.standardError).toBeLessThan(0.01);
  });

  it("of Sierpinski's triangle is log 3 / log 2", () => {
    const found = boxCountingDimension(beliefPointCloud(sierpinskiProcess(), { points: 20_000, key }));
    expect(Math.abs(found.dimension - SIERPINSKI)).toBeLessThan(0.08);
  });

  it("does not depend on the probabilities, with the beliefs of a tree", () => {
    const tree = mixedStateTree(cantorProcess(0.8), { depth: 13 });
    const last = tree.beliefs.subarray(2 * (tree.levelOffsets[13] ?? 0));
    expect(Math.abs(boxCountingDimension({ points: last, dimension: 2 }).dimension - CANTOR)).toBeLessThan(0.02);
  });

  it("of a line is 1, of a square 2, of finitely many points 0", () => {
    expect(Math.abs(boxCountingDimension(line(20_000)).dimension - 1)).toBeLessThan(0.03);
    expect(Math.abs(boxCountingDimension(square(50_000)).dimension - 2)).toBeLessThan(0.1);
    const two = beliefPointCloud(goldenMean({ p: 0.5 }), { points: 500, key });
    expect(boxCountingDimension(two).dimension).toBeCloseTo(0, 12);
  });

  it("of one point is 0, without scales", () => {
    const one = boxCountingDimension({ points: [0.3, 0.7, 0.3, 0.7], dimension: 2 });
    expect(one).toMatchObject({ dimension: 0, standardError: 0, residual: 0 });
    expect(one.scales.length).toBe(0);
  });

  test.prop([fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true })], {
    numRuns: 10,
  })("does not change when points are moved and stretched", (stretch, shift) => {
    const { points, dimension } = line(3000);
    const moved = points.map((value) => value * stretch + shift);
    const [a, b] = [boxCountingDimension({ points, dimension }), boxCountingDimension({ points: moved, dimension })];
    expect(Math.abs(a.dimension - b.dimension)).toBeLessThan(0.02);
    expect(b.scales[0]).toBeCloseTo((a.scales[0] ?? 0) * stretch, 6);
  });

  it("reports its scales and the fit", () => {
    const { scales, counts, fitFrom, residual, dimension } = boxCountingDimension(line(20_000), {
      largestScale: 1 / 16,
      smallestScale: 1 / 512,
    });
    expect(scales.length).toBe(21);
    expect((scales[0] ?? 0) / (scales[20] ?? 0)).toBeCloseTo(32, 10);
    expect(counts[0]).toBeGreaterThanOrEqual(16);
    expect(counts[0]).toBeLessThanOrEqual(18);
    expect(fitFrom).toBe(10);
    const logs = Array.from(counts, (count, i) => Math.log(count) + dimension * Math.log(scales[i] ?? 1)).slice(
      fitFrom,
    );
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    expect(Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length)).toBeCloseTo(
      residual,
      10,
    );
  });

  it("refuses too few points, bad scales and bad coordinates", () => {
    expect(() => boxCountingDimension(square(30))).toThrow(/boxCountingDimension: only \d scales have enough points/);
    expect(() => boxCountingDimension(line(100), { largestScale: 2 })).toThrow("largestScale is 2");
    expect(() => boxCountingDimension(line(100), { smallestScale: 0.5 })).toThrow("smallestScale is 0.5");
    expect(() => boxCountingDimension({ points: [0, Number.NaN], dimension: 1 })).toThrow(InvalidArgumentError);
    for (const size of [1e200, 1e-200]) {
      const points = Float64Array.from(line(2000).points, (value) => value * size);
      expect(() => boxCountingDimension({ points, dimension: 2 })).toThrow(
        "boxCountingDimension: the largest coordinate is",
      );
    }
    expect(boxCountingDimension({ points: [0, 0], dimension: 1 }).dimension).toBe(0);
    expect(() => boxCountingDimension({ points: [0, 1, 2], dimension: 2 })).toThrow(ShapeError);
    expect(() => boxCountingDimension({ points: [], dimension: 2 })).toThrow(ShapeError);
    expect(() => boxCountingDimension({ points: [1], dimension: 0 })).toThrow(ShapeError);
  });
});
