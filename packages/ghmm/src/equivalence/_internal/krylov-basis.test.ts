import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import { krylovBasis, type LinearMaps, pathOf } from "./krylov-basis.ts";

const mapsOf = (matrices: readonly (readonly number[])[], d: number): LinearMaps => ({
  tokens: matrices.length,
  norms: matrices.map((matrix) => Math.hypot(...matrix)),
  apply: (vector, token, out) => vectorTimesMatrix(vector, Float64Array.from(matrices[token] ?? []), d, out),
});

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const matrix = fc.array(entry, { minLength: 9, maxLength: 9 });

describe("krylovBasis", () => {
  // Token 0 moves from state 0 to 1, token 1 from 1 to 2.
  const steps = mapsOf(
    [
      [0, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 1, 0, 0, 0],
    ],
    3,
  );

  test("every vector has the first word that leads to it", () => {
    const basis = krylovBasis(Float64Array.of(2, 0, 0), steps, 1e-10);
    expect(basis.map(({ vector }) => Array.from(vector))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(basis.map(pathOf)).toEqual([[], [0], [0, 1]]);
  });

  test("nothing is reached from zero, and nothing more from a fixed vector", () => {
    expect(krylovBasis(new Float64Array(3), steps, 1e-10)).toEqual([]);
    expect(krylovBasis(Float64Array.of(0, 0, 1), steps, 1e-10)).toHaveLength(1);
    expect(krylovBasis(Float64Array.of(0, 1), mapsOf([[0, 0, 0, 0]], 2), 1e-10)).toHaveLength(1);
  });

  test.prop([matrix, matrix, fc.tuple(entry, entry, entry)])("images stay in the span", (a, b, start) => {
    fc.pre(Math.hypot(...start) > 0.1);
    const maps = mapsOf([a, b], 3);
    const basis = krylovBasis(Float64Array.from(start), maps, 1e-10);
    const image = new Float64Array(3);
    for (const { vector } of basis) {
      expect(dot(vector, vector)).toBeCloseTo(1, 12);
      for (const token of [0, 1]) {
        maps.apply(vector, token, image);
        const inside = Math.hypot(...basis.map((unit) => dot(unit.vector, image)));
        expect(Math.abs(inside - Math.hypot(...image))).toBeLessThan(1e-6);
      }
    }
  });

  test("rounding that a weak direction amplifies is no new direction", () => {
    // The image of the first vector leaves it by 1e-9 only; what the second lacks to lie in the plane is rounding over 1e-9.
    const weak = mapsOf([[1, 1e-9, 0, 1, 0, 1e-8, 0, 0, 0]], 3);
    const [, second, third] = krylovBasis(Float64Array.of(1, 0, 0), weak, 1e-10);
    expect(second?.noise).toBeGreaterThan(1e-8);
    expect(third).toBeUndefined();
  });

  test("images are visited shorter first, then in the order of tokens, until the visitor has seen enough", () => {
    const seen: string[] = [];
    krylovBasis(Float64Array.of(1, 0, 0), steps, 1e-10, (_, parent, token) => {
      seen.push([...pathOf(parent), token].join(""));
      return seen.length === 4;
    });
    expect(seen).toEqual(["0", "1", "00", "01"]);
    const all: string[] = [];
    krylovBasis(Float64Array.of(1, 0, 0), steps, 1e-10, (_, parent, token) => {
      all.push([...pathOf(parent), token].join(""));
      return false;
    });
    // also those of the last vector, although the basis is full
    expect(all).toEqual(["0", "1", "00", "01", "010", "011"]);
  });
});
