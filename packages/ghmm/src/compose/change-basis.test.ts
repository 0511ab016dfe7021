import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, word } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { mess3 } from "../processes/mess3.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { certified, coneProcess } from "./_testing/brute-force.ts";
import { changeBasis } from "./change-basis.ts";

const pairAndWord = gaugeTransformed({ stationary: false }).chain((pair) =>
  word(pair.hmm, 4).map((tokens) => ({ ...pair, tokens })),
);

describe("changeBasis (T4)", () => {
  test.prop([pairAndWord])("words keep their probabilities", ({ hmm, ghmm, tokens, condition }) => {
    expect(Math.abs(wordProbability(ghmm, tokens) - wordProbability(hmm, tokens))).toBeLessThan(1e-12 * condition ** 2);
  });

  test.prop([pairAndWord])("beliefs become b S^-1", ({ hmm, ghmm, basis, tokens, condition }) => {
    const back = new Float64Array(hmm.stateDim);
    vectorTimesMatrix(beliefState(ghmm, tokens), Float64Array.from(basis.flat()), hmm.stateDim, back);
    beliefState(hmm, tokens).forEach((value, s) => {
      expect(Math.abs(value - (back[s] ?? Number.NaN))).toBeLessThan(1e-11 * condition ** 2);
    });
  });

  test.prop([gaugeTransformed()])("keeps the names and says what it is", ({ hmm, ghmm }) => {
    expect(ghmm.alphabet).toEqual(hmm.alphabet);
    expect(ghmm.certificate.kind).toBe("similar-to-hmm");
    expect(changeBasis(ghmm, identity(ghmm.stateDim)).certificate.kind).toBe("similar-to-hmm");
  });

  test("bad input", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(() => changeBasis(process, identity(2))).toThrow(ShapeError);
    expect(() =>
      changeBasis(process, [
        [1, 0, 0],
        [0, 1],
        [0, 0, 1],
      ]),
    ).toThrow("basis[1] has 2 entries for 3 states");
    expect(() =>
      changeBasis(process, [
        [1, 0, 0],
        [0, Number.NaN, 0],
        [0, 0, 1],
      ]),
    ).toThrow("basis[1][1] is NaN");
    expect(() =>
      changeBasis(process, [
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 1],
      ]),
    ).toThrow(InvalidArgumentError);
    expect(() =>
      changeBasis(process, [
        [1, 0, 0],
        [0, 1e-9, 0],
        [0, 0, 1],
      ]),
    ).toThrow("condition number");
  });
});

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

const diagonal = (...entries: number[]): number[][] =>
  entries.map((entry, i) => entries.map((_, j) => (i === j ? entry : 0)));

describe("the quality of a basis", () => {
  const process = mess3({ x: 0.15, a: 0.6 });

  test.prop([gaugeTransformed()])(
    "condition is that of the basis, and without a warning up to 100",
    ({ ghmm, basis, condition }) => {
      const result = changeBasis(ghmm, basis);
      expect(Math.abs(result.condition / condition - 1)).toBeLessThan(1e-9);
      expect("warning" in result).toBe(false);
    },
  );

  test("a warning above 100 that says how much rounding to expect", () => {
    expect(changeBasis(process, diagonal(99, 1, 1)).warning).toBeUndefined();
    const { condition, warning } = changeBasis(process, diagonal(1e4, 1, 1));
    expect(condition).toBeCloseTo(1e4, 6);
    expect(warning).toMatch(/condition number (10000|9999\.99).*rounding errors of about (1e-8|9\.99)/);
  });

  test("refused above 1e8", () => {
    expect(changeBasis(process, diagonal(9e7, 1, 1)).condition).toBeCloseTo(9e7, -2);
    expect(() => changeBasis(process, diagonal(1.1e8, 1, 1))).toThrow(InvalidArgumentError);
  });
});

describe("certificates in another basis", () => {
  test.prop([gaugeTransformed()])("of an HMM: the HMM itself", ({ hmm, basis }) => {
    const { certificate } = changeBasis(hmm, basis);
    expect(certificate.kind === "similar-to-hmm" && certificate.hmm).toBe(hmm);
    const twice = changeBasis(changeBasis(hmm, basis), basis).certificate;
    expect(twice.kind === "similar-to-hmm" && twice.hmm).toBe(hmm);
  });

  test.prop([gaugeTransformed({ maxStates: 3 }).filter(({ hmm }) => hmm.stateDim === 3)], { numRuns: 20 })(
    "of a cone: every ray times S^-1, so the cone is kept and positive",
    ({ basis, condition }) => {
      const cone = coneProcess();
      const turned = changeBasis(cone, basis);
      if (turned.certificate.kind !== "cone") throw new Error(turned.certificate.kind);
      const flat = Float64Array.from(basis.flat());
      turned.certificate.rays.forEach((ray, i) => {
        const back = new Float64Array(3);
        vectorTimesMatrix(ray, flat, 3, back);
        back.forEach((value, s) => {
          expect(Math.abs(value - (s === i ? 1 : 0))).toBeLessThan(1e-11 * condition);
        });
        expect(dot(ray, turned.normalizer)).toBeGreaterThan(0);
      });
    },
  );

  test("an instrument's coordinates are forgotten", () => {
    const turned = changeBasis(tomQuantum({ alpha: 1, beta: 3 }), diagonal(1, 2, 3));
    expect(turned.certificate).toEqual({ kind: "kraus", dimension: 2 });
  });

  test("instruments and tested words keep theirs", () => {
    const kraus = { kind: "kraus", dimension: 2 } as const;
    const tested = { kind: "unchecked", wordLength: 3, smallestProbability: 0.1 } as const;
    for (const certificate of [kraus, tested]) {
      const process = certified(mess3({ x: 0.15, a: 0.6 }), certificate);
      expect(changeBasis(process, diagonal(1, 2, 3)).certificate).toBe(certificate);
    }
  });
});

describe("the inverse inside", () => {
  test.prop([pairAndWord], { numRuns: 30 })("going back restores the operators", ({ hmm, ghmm, basis, condition }) => {
    const flat = Float64Array.from(basis.flat());
    const d = hmm.stateDim;
    // S^-1 has as row i the image of unit vector i under the inverse; ghmm's T S = S hmm's T checks it without inverting.
    hmm.alphabet.forEach((_, x) => {
      for (let i = 0; i < d; i++) {
        const [left, right, row] = [new Float64Array(d), new Float64Array(d), new Float64Array(d)];
        row.set(ghmm.operator(x).subarray(i * d, (i + 1) * d));
        vectorTimesMatrix(row, flat, d, left);
        vectorTimesMatrix(flat.subarray(i * d, (i + 1) * d), hmm.operator(x), d, right);
        for (let j = 0; j < d; j++) {
          expect(Math.abs((left[j] ?? 0) - (right[j] ?? 0))).toBeLessThan(1e-11 * condition ** 2);
        }
      }
    });
  });
});
