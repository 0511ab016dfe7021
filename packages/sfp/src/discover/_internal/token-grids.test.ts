import { tensorProduct, wordProbability, zeroOneRandom } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../../families/persona-z1r.ts";
import { gridShapes, shortWordDependence, shortWords, type TokenGrid, tokenGrids } from "./token-grids.ts";

/** What an arrangement says: which tokens share a row and which a column, without the order of either or of the two. */
function relations({ rows, columns, tokens }: TokenGrid): string {
  const lines = (count: number, member: (line: number, at: number) => boolean) =>
    Array.from({ length: count }, (_, line) =>
      tokens
        .filter((__, at) => member(line, at))
        .sort((a, b) => a - b)
        .join(""),
    )
      .sort()
      .join("|");
  const both = [lines(rows, (u, at) => Math.floor(at / columns) === u), lines(columns, (y, at) => at % columns === y)];
  return (rows === columns ? both.sort() : both).join(" x ");
}

describe("tokenGrids", () => {
  // (m n)! / (m! n!), half as many in a square
  test.each([
    [2, 2, 3],
    [2, 3, 60],
    [2, 4, 840],
    [3, 3, 5040],
  ])("arranges %d x %d tokens in %d ways, all different", (rows, columns, count) => {
    const grids = [...tokenGrids(rows, columns)];
    expect(grids.length).toBe(count);
    expect(new Set(grids.map(relations)).size).toBe(count);
    expect(grids.every(({ tokens }) => new Set(tokens).size === rows * columns)).toBe(true);
  });

  test("the order that is given comes first", () => {
    const [first] = tokenGrids(2, 3);
    expect(first?.tokens).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

test("gridShapes: every factorization with at least two rows, the fewer rows first", () => {
  expect(gridShapes(4)).toEqual([[2, 2]]);
  expect(gridShapes(36)).toEqual([
    [2, 18],
    [3, 12],
    [4, 9],
    [6, 6],
  ]);
  expect([1, 2, 3, 5, 7].flatMap(gridShapes)).toEqual([]);
});

describe("shortWords", () => {
  const process = personaZ1r({ variant: "semi-s" });
  const words = shortWords(process);

  test("are the probabilities of the words of one and two tokens", () => {
    for (let x = 0; x < 4; x++) {
      expect(words.single[x]).toBeCloseTo(wordProbability(process, [x]), 14);
      for (let y = 0; y < 4; y++) expect(words.pairs[4 * x + y]).toBeCloseTo(wordProbability(process, [x, y]), 14);
    }
  });

  test("show dependence where there is some, and none of independent parts", () => {
    const given = { rows: 2, columns: 2, tokens: [0, 1, 2, 3] };
    expect(shortWordDependence(words, given, 1e-6)).toBeGreaterThan(0.01);
    const z1r = zeroOneRandom({ p: 0.3 });
    const independent = shortWords(tensorProduct(z1r, z1r));
    expect(shortWordDependence(independent, given, 1e-6)).toBeLessThan(1e-15);
    expect(shortWordDependence(independent, { ...given, tokens: [0, 3, 1, 2] }, 1e-6)).toBeGreaterThan(0.01);
  });

  test("pairs show what single tokens do not: two copies of a fair bit against its repetition", () => {
    // u and y are fair and independent at each step, and y repeats the last u
    const single = Float64Array.of(0.25, 0.25, 0.25, 0.25);
    const pairs = new Float64Array(16);
    for (const first of [0, 1, 2, 3]) for (const u of [0, 1]) pairs[4 * first + 2 * u + (first >> 1)] = 1 / 8;
    const grid = { rows: 2, columns: 2, tokens: [0, 1, 2, 3] };
    expect(shortWordDependence({ single, pairs }, grid, 1e-6)).toBeCloseTo(1 / 16, 14);
  });
});
