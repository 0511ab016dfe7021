import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { jointBelief } from "../arbitraries/beliefs.ts";
import { bipartiteDensity, complexKronecker, density, unitVector } from "./_testing/states.ts";
import { tileState, tileVectors } from "./_testing/tile-state.ts";
import { ccnrCriterion, pptCriterion } from "./criteria.ts";
import type { ComplexMatrix } from "./density-matrix.ts";
import { diagonalState, pureDensity, squareRootState } from "./embeddings.ts";
import { separability } from "./separability.ts";

/** Real part of `tr(a b)` of Hermitian matrices, `[n, n]`. */
const mean = (a: ComplexMatrix, b: ComplexMatrix): number =>
  Array.from(a.re).reduce((sum, value, at) => sum + value * (b.re[at] ?? 0) + (a.im[at] ?? 0) * (b.im[at] ?? 0), 0);

const real = (re: ArrayLike<number>): ComplexMatrix => ({ re, im: new Float64Array(re.length) });

const mixture = (states: readonly ComplexMatrix[]): ComplexMatrix<Float64Array> => {
  const part = (name: "re" | "im") =>
    Float64Array.from(states[0]?.re ?? [], (_, at) => {
      return states.reduce((sum, state) => sum + (state[name][at] ?? 0), 0) / states.length;
    });
  return { re: part("re"), im: part("im") };
};

describe("entangled verdicts", () => {
  test.prop([bipartiteDensity(), fc.array(fc.tuple(unitVector(3), unitVector(3)), { minLength: 5, maxLength: 5 })], {
    numRuns: 60,
  })("their witness is negative on the state and on no product", ({ rho, dimensions }, pairs) => {
    const { verdict, witness, reason } = separability(rho, dimensions);
    expect(reason).not.toBe("");
    expect(witness === null).toBe(verdict !== "entangled");
    if (witness === null) return;
    expect(mean(witness.operator, rho)).toBeCloseTo(witness.value, 11);
    expect(witness.value).toBeLessThan(0);
    const [dA, dC] = dimensions;
    for (const [a, c] of pairs) {
      const cut = (v: ComplexMatrix, d: number) => {
        const norm = Math.hypot(...Array.from(v.re).slice(0, d), ...Array.from(v.im).slice(0, d));
        const scaled = (part: ArrayLike<number>) =>
          Float64Array.from(part)
            .slice(0, d)
            .map((x) => x / norm);
        return norm > 0.1 ? pureDensity({ re: scaled(v.re), im: scaled(v.im) }) : undefined;
      };
      const [first, second] = [cut(a, dA), cut(c, dC)];
      if (first === undefined || second === undefined) continue;
      expect(mean(witness.operator, complexKronecker(first, dA, second, dC))).toBeGreaterThan(-1e-11);
    }
  });

  test("pure states with two Schmidt coefficients, by the partial transpose", () => {
    const rho = pureDensity(squareRootState([0.4, 0.1, 0.1, 0.4], [2, 2]));
    expect(separability(rho, [2, 2])).toMatchObject({ verdict: "entangled", criterion: "partial-transpose" });
  });
});

// golden 67; Bennett et al. 1999
describe("the tile state", () => {
  const rho = tileState();

  test("is a state of rank 4, orthogonal to five orthonormal products", () => {
    const tiles = tileVectors();
    tiles.forEach((tile, i) => {
      tiles.forEach((other, j) => {
        expect(tile.reduce((sum, value, s) => sum + value * (other[s] ?? 0), 0)).toBeCloseTo(i === j ? 1 : 0, 14);
      });
      expect(mean(real(rho), real(pureDensity(tile)))).toBeCloseTo(0, 14);
    });
    expect(pptCriterion(rho, [3, 3]).value).toBeCloseTo(0, 14);
  });

  test("is found by realignment, with a witness", () => {
    const { witness, criterion } = separability(rho, [3, 3]);
    expect(criterion).toBe("realignment");
    expect(ccnrCriterion(rho, [3, 3]).value).toBeGreaterThan(1.08);
    expect(mean(witness?.operator ?? real([]), real(rho))).toBeCloseTo(1 - ccnrCriterion(rho, [3, 3]).value, 12);
  });

  test("mixed with enough of I / 9 it is separable, by its purity", () => {
    const noisy = rho.map((value, at) => 0.2 * value + (at % 10 === 0 ? 0.8 / 9 : 0));
    expect(separability(noisy, [3, 3])).toMatchObject({ verdict: "separable", criterion: "purity", witness: null });
  });

  test("mixed with a little less than realignment needs, it is undecided", () => {
    const noisy = rho.map((value, at) => 0.85 * value + (at % 10 === 0 ? 0.15 / 9 : 0));
    const { verdict, criterion, reason } = separability(noisy, [3, 3]);
    expect([verdict, criterion]).toEqual(["undecided", "none"]);
    expect(reason).toContain("no criterion of separability applies");
  });
});

describe("separable verdicts", () => {
  test.prop([fc.array(fc.tuple(unitVector(2), unitVector(3)), { minLength: 1, maxLength: 4 })], { numRuns: 40 })(
    "mixtures of products in 2 x 3, by the partial transpose",
    (pairs) => {
      const rho = mixture(pairs.map(([a, c]) => complexKronecker(pureDensity(a), 2, pureDensity(c), 3)));
      expect(separability(rho, [2, 3])).toMatchObject({ verdict: "separable", criterion: "partial-transpose" });
    },
  );

  test.prop([density(3), density(3)], { numRuns: 30 })("products", (a, c) => {
    const { verdict, criterion } = separability(complexKronecker(a, 3, c, 3), [3, 3]);
    expect(verdict).toBe("separable");
    expect(["product", "classical"]).toContain(criterion);
  });

  test.prop([jointBelief({ maxDimension: 4 })], { numRuns: 40 })("diagonal states", ({ belief, dimensions }) => {
    expect(separability(diagonalState(belief), dimensions).verdict).toBe("separable");
  });

  test("one classical factor beside any states of the other", () => {
    const states = [
      [1, 1, 1],
      [1, -1, 0],
      [0, 1, 1],
    ].map((v) => pureDensity(v.map((x) => x / Math.hypot(...v))));
    const rho = new Float64Array(81);
    states.forEach((state, a) => {
      state.forEach((value, at) => {
        rho[(a * 3 + Math.floor(at / 3)) * 9 + a * 3 + (at % 3)] = value / 3;
      });
    });
    const { verdict, criterion, reason } = separability(rho, [3, 3]);
    expect([verdict, criterion]).toEqual(["separable", "classical"]);
    expect(reason).toContain("the first factor is diagonal");
  });

  test("few products: low rank", () => {
    const turn = (t: number) => [Math.cos(t), Math.sin(t) * Math.cos(2 * t), Math.sin(t) * Math.sin(2 * t)];
    const rho = mixture(
      [0.3, 1.1, 2].map((t) => complexKronecker(real(pureDensity(turn(t))), 3, real(pureDensity(turn(t + 0.4))), 3)),
    );
    expect(separability(rho, [3, 3])).toMatchObject({ verdict: "separable", criterion: "low-rank" });
  });

  test("a factor of dimension 1", () => {
    expect(separability(diagonalState(new Float64Array(8).fill(1 / 8)), [1, 8]).verdict).toBe("separable");
  });
});

test("bad input", () => {
  const rho = diagonalState([0.5, 0.5, 0, 0]);
  expect(() => separability(rho, [2, 5])).toThrow(ShapeError);
  expect(() =>
    separability(
      rho.map((x) => 2 * x),
      [2, 2],
    ),
  ).toThrow(NotNormalizedError);
  expect(() => separability(rho, [2, 2], { tolerance: 1 })).toThrow(InvalidArgumentError);
  expect(() => separability([1, 0.1, 0, 0], [1, 2])).toThrow("conjugate across the diagonal");
});
