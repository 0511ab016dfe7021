import { ShapeError, tensorProduct } from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import { kronecker } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { nearestKronecker, nearestKroneckerProcess } from "./nearest-kronecker.ts";
import { operatorSchmidt } from "./operator-schmidt.ts";

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const square = (d: number) => fc.array(entry, { minLength: d * d, maxLength: d * d }).map((m) => Float64Array.from(m));
const difference = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));

describe("nearestKronecker", () => {
  test("finds a product exactly", () => {
    fc.assert(
      fc.property(square(2), square(3), (a, c) => {
        const product = kronecker(a, 2, c, 3);
        const { first, second, residual } = nearestKronecker(product, [2, 3]);
        expect(difference(kronecker(first, 2, second, 3), product)).toBeLessThan(1e-12);
        expect(residual).toBeLessThan(1e-12);
        expect(first.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("the residual is the distance to the product found, and the norm of the other singular values", () => {
    fc.assert(
      fc.property(square(6), (operator) => {
        fc.pre(Math.hypot(...operator) > 1e-3);
        const { first, second, residual, relativeResidual } = nearestKronecker(operator, [2, 3]);
        const { singularValues } = operatorSchmidt(operator, [2, 3]);
        expect(difference(kronecker(first, 2, second, 3), operator)).toBeCloseTo(residual, 12);
        expect(residual).toBeCloseTo(Math.hypot(...singularValues.subarray(1)), 12);
        expect(relativeResidual).toBeCloseTo(residual / Math.hypot(...operator), 12);
        expect(Math.hypot(...first)).toBeCloseTo(Math.hypot(...second), 12);
      }),
    );
  });

  test("no other product is nearer: not a random one, and none that alternating least squares finds", () => {
    fc.assert(
      fc.property(square(4), square(2), square(2), (operator, a, c) => {
        const { residual } = nearestKronecker(operator, [2, 2]);
        expect(difference(kronecker(a, 2, c, 2), operator)).toBeGreaterThan(residual - 1e-12);
        // the best C for the given A: contractions of the operator with A
        const weight = a.reduce((sum, value) => sum + value * value, 0);
        fc.pre(weight > 1e-3);
        const best = Float64Array.from({ length: 4 }, (_, i) => {
          const [row, column] = [Math.floor(i / 2), i % 2];
          let sum = 0;
          for (let j = 0; j < 4; j++) {
            sum += (a[j] ?? 0) * (operator[(2 * Math.floor(j / 2) + row) * 4 + 2 * (j % 2) + column] ?? 0);
          }
          return sum / weight;
        });
        expect(difference(kronecker(a, 2, best, 2), operator)).toBeGreaterThan(residual - 1e-12);
      }),
    );
  });

  test("non-negative operators have non-negative factors where one product is nearest", () => {
    for (const variant of ["semi", "semi-s"] as const) {
      const process = personaZ1r({ variant });
      for (const { first, second } of nearestKroneckerProcess(process, [2, 3]).tokens) {
        for (const value of [...first, ...second]) expect(value).toBeGreaterThan(-1e-14);
      }
    }
  });

  test("the zero operator is a product; other sizes are refused", () => {
    expect(nearestKronecker(new Float64Array(16), [2, 2])).toMatchObject({ residual: 0, relativeResidual: 0 });
    expect(() => nearestKronecker([1, 2, 3], [1, 2])).toThrow(ShapeError);
    expect(() => nearestKronecker([Number.POSITIVE_INFINITY], [1, 1])).toThrow(
      "nearestKronecker: operator[0] is Infinity",
    );
  });
});

describe("nearestKroneckerProcess", () => {
  test("a product of processes is its own nearest product", () => {
    fc.assert(
      fc.property(hmm({ maxStates: 3, maxTokens: 2 }), hmm({ maxStates: 3, maxTokens: 2 }), (a, c) => {
        const { residual, tokens } = nearestKroneckerProcess(tensorProduct(a, c), [a.stateDim, c.stateDim]);
        expect(residual).toBeLessThan(1e-12);
        expect(tokens.length).toBe(a.alphabet.length * c.alphabet.length);
      }),
    );
  });

  test("squared residuals add over tokens", () => {
    const process = personaZ1r({ variant: "semi-s" });
    const { tokens, residual, relativeResidual } = nearestKroneckerProcess(process, [2, 3]);
    expect(residual ** 2).toBeCloseTo(
      tokens.reduce((sum, token) => sum + token.residual ** 2, 0),
      14,
    );
    const norm = Math.hypot(...process.alphabet.flatMap((_, token) => [...process.operator(token)]));
    expect(relativeResidual).toBeCloseTo(residual / norm, 14);
    expect(relativeResidual).toBeGreaterThan(0.1);
    expect(() => nearestKroneckerProcess(process, [2, 2])).toThrow(ShapeError);
    expect(() => nearestKroneckerProcess(JSON.parse("null"), [2, 2])).toThrow("process is no process");
  });
});
