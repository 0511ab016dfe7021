import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { beliefPointCloud } from "../presentation/belief-point-cloud.ts";
import { mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { mixedStateTree } from "../presentation/mixed-state-tree.ts";
import { rrxor } from "../processes/rrxor.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { expectWellFormed } from "./_testing/well-formed.ts";
import { simplexPlot } from "./simplex-plot.ts";

const key = createKey(0);

/** Positions of plain dots. */
const dots = (svg: string) =>
  [...svg.matchAll(/M([\d.-]+) ([\d.-]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
/** Positions of the names drawn in bold: the corners. */
const corners = (svg: string) =>
  [...svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)" font-weight="600">([^<]*)</g)].map(([, x, y, name]) => ({
    x: Number(x),
    y: Number(y),
    name,
  }));

describe("simplexPlot", () => {
  const processes = fc.oneof(
    hmm({ maxStates: 5 }),
    gaugeTransformed({ maxStates: 5 }).map(({ ghmm }) => ghmm),
  );
  test.prop([processes, fc.integer({ min: 1, max: 50 }), fc.string()], { numRuns: 60 })(
    "is well-formed for any beliefs, with all dots on the drawing",
    (process, points, title) => {
      const cloud = beliefPointCloud(process, { points, key });
      const svg = simplexPlot(cloud, { title, groups: cloud.tokens, description: title });
      expectWellFormed(svg);
      const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
      for (const [x, y] of dots(svg)) {
        expect(x >= 0 && x <= Number(width) && y >= 0 && y <= Number(height)).toBe(true);
      }
    },
  );

  it("puts certainty at the corners, the uniform belief in the middle", () => {
    const svg = simplexPlot(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1 / 3, 1 / 3, 1 / 3],
      ],
      { labels: ["up", "left", "right"] },
    );
    const [up, left, right, middle] = dots(svg);
    expect(corners(svg).map(({ name }) => name)).toEqual(["up", "left", "right"]);
    corners(svg).forEach(({ x }, i) => {
      expect(x).toBeCloseTo([up, left, right][i]?.[0] ?? 0, 6);
    });
    expect(left?.[1]).toBe(right?.[1]);
    const edge = (right?.[0] ?? 0) - (left?.[0] ?? 0);
    expect((left?.[1] ?? 0) - (up?.[1] ?? 0)).toBeCloseTo((edge * Math.sqrt(3)) / 2, 1);
    expect(middle?.[1]).toBeCloseTo((2 * (left?.[1] ?? 0) + (up?.[1] ?? 0)) / 3, 1);
  });

  it("draws two states on a line, the second to the right", () => {
    const svg = simplexPlot([
      [1, 0],
      [0.25, 0.75],
      [0, 1],
    ]);
    const [left, between, right] = dots(svg).map(([x]) => x);
    expect((between ?? 0) - (left ?? 0)).toBeCloseTo(0.75 * ((right ?? 0) - (left ?? 0)), 1);
    expect(svg).toContain("probability of state 1");
  });

  it("draws other beliefs in the plane of principal axes and names their shares", () => {
    const five = simplexPlot(mixedStatePresentation(rrxor()).states);
    expect(five).toMatch(/principal axis 1 \(33\.\d % of the variance\)/);
    const signed = simplexPlot(beliefPointCloud(tomQuantum({ alpha: 1, beta: 3 }), { points: 200, key }));
    expect(signed).toContain("principal axis 2");
    const one = simplexPlot([[0.2, 0.3, 0.4, 0.1]]);
    expectWellFormed(one);
    expect(dots(one).length).toBe(1);
    expect(one).not.toContain("principal axis 2");
  });

  it("draws equal points once, and a legend with names", () => {
    const tree = mixedStateTree(zeroOneRandom({ p: 0.5 }), { depth: 6 });
    const groups = Array.from(tree.token, (token) => token + 1);
    const svg = simplexPlot(
      { points: tree.beliefs, dimension: 3 },
      { groups, groupNames: ["root", "after 0", "a < b"] },
    );
    // the root; after 0 and after 1 five states each, of which two are pure only after the other token
    expect(dots(svg).length).toBe(
      new Set(
        groups.map((group, i) => `${group} ${[...tree.beliefs.subarray(3 * i, 3 * i + 3)].map((b) => b.toFixed(6))}`),
      ).size,
    );
    expect(svg).toContain(">after 0<");
    expect(svg).toContain(">a &lt; b<");
    expect(new Set(svg.match(/stroke="#[0-9a-f]{6}" stroke-width="6"/g)).size).toBe(3);
  });

  it("draws weights as areas", () => {
    const svg = simplexPlot(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      { weights: [4, 1, 0] },
    );
    expect([...svg.matchAll(/r="([\d.]+)"/g)].map((match) => Number(match[1]))).toEqual([9, 4.5, 0.5]);
    expectWellFormed(simplexPlot([[1, 0, 0]], { weights: [0] }));
  });

  it.each([
    [{ groups: [0] }, ShapeError, "groups has 1 entries for 2 points"],
    [{ groups: [0, -1] }, InvalidArgumentError, "entry 1 of groups is -1"],
    [{ weights: [0, Number.NaN] }, InvalidArgumentError, "entry 1 of weights is NaN"],
    [{ labels: ["a"] }, ShapeError, "1 labels for 2 states"],
    [{ width: Number.NaN }, InvalidArgumentError, "width is NaN"],
    [{ projection: "pca" as never }, InvalidArgumentError, 'projection is "pca"'],
  ] as const)("refuses %o", (options, error, message) => {
    const call = () =>
      simplexPlot(
        [
          [1, 0],
          [0, 1],
        ],
        options,
      );
    expect(call).toThrow(error);
    expect(call).toThrow(`simplexPlot: ${message}`);
  });

  it("refuses points that cannot be drawn", () => {
    expect(() => simplexPlot([])).toThrow(ShapeError);
    expect(() => simplexPlot([[1, 0], ...new Array<number[]>(1)])).toThrow("simplexPlot: beliefs[1] is undefined");
    expect(() => simplexPlot(null as never)).toThrow("simplexPlot: beliefs is null");
    expect(() => simplexPlot([[1, 0], [1]])).toThrow("belief 1 has 1 entries, the first has 2");
    expect(() => simplexPlot([[Number.NaN, 1]])).toThrow(InvalidArgumentError);
    expect(() => simplexPlot([[2, -1]], { projection: "simplex" })).toThrow(
      "no distributions over two or three states",
    );
    expect(() => simplexPlot({ points: new Float64Array(2 ** 21), dimension: 1 })).toThrow("there are 2097152 points");
  });
});
