import { fc, test } from "@fast-check/vitest";
import { NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { jointBelief } from "../arbitraries/beliefs.ts";
import { unitVector } from "./_testing/states.ts";
import { amplitudeState, diagonalState, pureDensity, squareRootState } from "./embeddings.ts";
import { vonNeumannEntropy } from "./entropies.ts";
import { mutualInformation, quantumMutualInformation } from "./mutual-information.ts";
import { negativity } from "./negativity.ts";

describe("squareRootState", () => {
  test.prop([jointBelief()], { numRuns: 50 })("its squares are the belief", ({ belief, dimensions }) => {
    squareRootState(belief, dimensions).forEach((value, s) => {
      expect(value ** 2).toBeCloseTo(belief[s] ?? 0, 14);
    });
  });

  test("rounding below zero counts as zero up to the clip, and is refused beyond", () => {
    expect(Array.from(squareRootState([1, -1e-13], [1, 2]))).toEqual([1, 0]);
    expect(() => squareRootState([1, -1e-11], [1, 2])).toThrow("belief[1] is -1e-11");
    expect(Array.from(squareRootState([1, -1e-11], [1, 2], { clip: 1e-10 }))).toEqual([1, 0]);
    expect(() => squareRootState([1, -1e-13], [1, 2], { clip: 0 })).toThrow("belief[1] is -1e-13");
    expect(() => squareRootState([1, 0], [1, 2], { clip: Number.NaN })).toThrow("clip is NaN");
  });

  test("bad input", () => {
    expect(() => squareRootState([0.5, 0.6], [1, 2])).toThrow("belief sums to 1.1");
    expect(() => squareRootState([0.5, 0.6], [1, 2])).toThrow(NotNormalizedError);
    expect(() => squareRootState([0.5, 0.5], [1, 3])).toThrow(ShapeError);
    expect(() => squareRootState(null as never, [1, 3])).toThrow("belief is null");
    expect(() => squareRootState([1], [1] as never)).toThrow("dimensions has 1 entries");
  });
});

describe("amplitudeState", () => {
  test.prop([jointBelief({ signed: true })], { numRuns: 50 })(
    "is a unit vector along the belief",
    ({ belief, dimensions }) => {
      const psi = amplitudeState(belief, dimensions);
      expect(Math.hypot(...psi)).toBeCloseTo(1, 14);
      const norm = Math.hypot(...belief);
      psi.forEach((value, s) => {
        expect(value * norm).toBeCloseTo(belief[s] ?? 0, 13);
      });
    },
  );
});

test("amplitudeState is a unit vector over the whole range of numbers", () => {
  for (const scale of [5e-324, 1e-200, 1e200, Number.MAX_VALUE]) {
    const expected = [Math.SQRT1_2, -Math.SQRT1_2].map((value) => expect.closeTo(value, 15));
    expect(Array.from(amplitudeState([scale, -scale], [2, 1]))).toEqual(expected);
  }
});

describe("diagonalState", () => {
  test.prop([jointBelief({ maxDimension: 3 })], { numRuns: 50 })(
    "quantum information is classical information, and there is no negativity (T22)",
    ({ belief, dimensions }) => {
      const rho = diagonalState(belief);
      expect(quantumMutualInformation(rho, dimensions)).toBeCloseTo(mutualInformation(belief, dimensions), 12);
      expect(negativity(rho, dimensions)).toBe(0);
    },
  );

  test("bad input", () => {
    expect(() => diagonalState([1.5, -0.5])).toThrow("belief[1] is -0.5");
    expect(() => diagonalState([0.5, 0.4])).toThrow(NotNormalizedError);
    expect(() => diagonalState([])).toThrow(NotNormalizedError);
  });
});

describe("pureDensity", () => {
  test.prop([fc.integer({ min: 1, max: 5 }).chain(unitVector)], { numRuns: 50 })(
    "has entropy 0 and the entries psi_i conj(psi_j)",
    (psi) => {
      const { re, im } = pureDensity(psi);
      const d = psi.re.length;
      expect(vonNeumannEntropy({ re, im })).toBeCloseTo(0, 11);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          const [a, b, c, e] = [psi.re[i] ?? 0, psi.im[i] ?? 0, psi.re[j] ?? 0, -(psi.im[j] ?? 0)];
          expect(re[i * d + j]).toBeCloseTo(a * c - b * e, 14);
          expect(im[i * d + j]).toBeCloseTo(a * e + b * c, 14);
        }
      }
    },
  );

  test("bad input", () => {
    expect(() => pureDensity([0.5, 0.5])).toThrow("|psi|^2 is 0.5");
    expect(() => pureDensity([1, Number.NaN])).toThrow("psi[1] is NaN");
    expect(() => pureDensity({ re: [1], im: [0, 0] })).toThrow(ShapeError);
  });
});
