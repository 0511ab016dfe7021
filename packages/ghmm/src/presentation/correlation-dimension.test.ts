import { describe, expect, it } from "vitest";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { createKey } from "../random/key.ts";
import { line, square } from "./_testing/point-sets.ts";
import { cantorProcess, sierpinskiProcess } from "./_testing/processes.ts";
import { beliefPointCloud } from "./belief-point-cloud.ts";
import { correlationDimension } from "./correlation-dimension.ts";

const cloud = (process: ReturnType<typeof cantorProcess>) =>
  beliefPointCloud(process, { points: 20_000, key: createKey(5) });

describe("correlationDimension", () => {
  // Maps of ratio r chosen with probabilities p_x, without overlap: log(sum_x p_x^2) / log r.
  it.each([0.5, 0.65, 0.8])("of Cantor's set visited with probabilities p and 1 - p, p = %d", (p) => {
    const found = correlationDimension(cloud(cantorProcess(p)), { maxPoints: 2048 });
    expect(Math.abs(found.dimension - Math.log(p * p + (1 - p) ** 2) / Math.log(1 / 3))).toBeLessThan(0.03);
    expect(found.standardError).toBeLessThan(0.02);
  });

  it("of Sierpinski's triangle is log 3 / log 2", () => {
    const found = correlationDimension(cloud(sierpinskiProcess()), { maxPoints: 2048 });
    expect(Math.abs(found.dimension - Math.log(3) / Math.log(2))).toBeLessThan(0.05);
  });

  it("of a line is 1, of a square 2, of one point 0", () => {
    expect(Math.abs(correlationDimension(line(3000), { maxPoints: 2048 }).dimension - 1)).toBeLessThan(0.03);
    expect(Math.abs(correlationDimension(square(3000), { maxPoints: 2048 }).dimension - 2)).toBeLessThan(0.08);
    expect(correlationDimension({ points: [1, 2, 1, 2], dimension: 2 }).dimension).toBe(0);
  });

  it("counts pairs of points", () => {
    // Thirty points on a line with gaps of 1: n - g pairs have a gap of g.
    const points = Array.from({ length: 30 }, (_, i) => i);
    const { scales, counts } = correlationDimension(
      { points, dimension: 1 },
      { largestScale: 1, smallestScale: 1 / 8 },
    );
    scales.forEach((scale, i) => {
      let pairs = 0;
      for (let gap = 1; gap < 30; gap++) if (gap <= scale * (1 + 1e-9)) pairs += 30 - gap;
      expect(counts[i]).toBeCloseTo(pairs / 435, 12);
    });
  });

  it("takes all points where there are no more than maxPoints, and an even spread otherwise", () => {
    const set = line(1000);
    expect(correlationDimension(set)).toEqual(correlationDimension(set, { maxPoints: 1000 }));
    expect(correlationDimension(set, { maxPoints: 500 })).not.toEqual(correlationDimension(set));
  });

  it("refuses too few points and bad options", () => {
    expect(() => correlationDimension(square(10))).toThrow(/only \d scales have enough points/);
    expect(() => correlationDimension(line(10), { maxPoints: 1 })).toThrow("maxPoints is 1");
    expect(() => correlationDimension(line(10), { largestScale: Number.NaN })).toThrow(InvalidArgumentError);
    expect(() => correlationDimension({ points: [1, 2, 3], dimension: 2 })).toThrow(ShapeError);
  });
});
