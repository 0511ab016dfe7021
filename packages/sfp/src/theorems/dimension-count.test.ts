import { mess3, singularValueDecomposition, tensorProduct, tomQuantum, zeroOneRandom } from "@semifactor/ghmm";
import { kronecker, kroneckerVector } from "@semifactor/ghmm/internal";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { affineDimension } from "./_internal/affine-dimension.ts";
import { dimensionCount } from "./dimension-count.ts";

const factor = mess3({ x: 0.15, a: 0.6 });
const z1r = zeroOneRandom({ p: 0.5 });

/** Beliefs after one token. */
const beliefs = (process: typeof factor) => wordsOfLength(process, 1).map(({ belief }) => belief);

/** All products of one member each. */
const products = (sets: readonly (readonly Float64Array[])[]) =>
  sets.reduce<readonly Float64Array[]>(
    (joint, set) => joint.flatMap((b) => set.map((c) => kroneckerVector(b, c))),
    [Float64Array.of(1)],
  );

/** All vectors of one member each, side by side. */
const sideBySide = (sets: readonly (readonly Float64Array[])[]) =>
  sets.reduce<readonly (readonly number[])[]>((joint, set) => joint.flatMap((b) => set.map((c) => [...b, ...c])), [[]]);

describe("dimensionCount (T13)", () => {
  test("holds on random instances and fails without each hypothesis", () => {
    const { holds, counterexamples } = checkTheorem(dimensionCount);
    expect(holds).toBe(true);
    const [blind, locked, coupled] = counterexamples.map(({ residual }) => residual);
    expect(blind).toBe(8);
    expect(locked).toBe(6);
    // after some words the coupling makes a pair of bits twice as likely or half as likely
    expect(coupled).toBeCloseTo(Math.LN2, 12);
  });

  test("random instances have up to nine states, some of them with signed beliefs", () => {
    const drawn = fc.sample(dimensionCount.arbitrary, 100);
    expect(drawn.some(({ factors }) => factors.length === 3)).toBe(true);
    expect(drawn.some(({ factors }) => factors.every(({ stateDim }) => stateDim === 3))).toBe(true);
    expect(drawn.some(({ factors }) => factors.some(({ certificate }) => certificate.kind !== "hmm"))).toBe(true);
  });

  // theory notes, T13
  test.each([
    [2, 8, 4],
    [3, 26, 6],
  ])("Mess3 %i times: %i dimensions against %i", (count, tensor, sum) => {
    const sets = new Array<readonly Float64Array[]>(count).fill(beliefs(factor));
    expect(affineDimension(products(sets))).toBe(tensor);
    expect(affineDimension(sideBySide(sets))).toBe(sum);
    const factors = new Array<typeof factor>(count).fill(factor);
    expect(dimensionCount.residual({ factors, length: 1 })).toBeLessThan(1e-12);
  });

  test("three Mess3 and two Bloch walks: 432 tokens, 242 dimensions against 10", () => {
    const bloch = tomQuantum({ alpha: 1, beta: 3 });
    const sets = [factor, factor, factor, bloch, bloch].map(beliefs);
    const all = products(sets);
    expect(all.length).toBe(432);
    expect(affineDimension(all)).toBe(242);
    expect(affineDimension(sideBySide(sets))).toBe(10);
  });

  test("Mess3 after six tokens: 95 percent of the variance in 7 and 18 dimensions of products, 4 and 6 side by side", () => {
    const [moment, mean] = [new Float64Array(9), new Float64Array(3)];
    for (const { belief, probability } of wordsOfLength(factor, 6)) {
      kroneckerVector(belief, belief).forEach((value, i) => {
        moment[i] = (moment[i] ?? 0) + probability * value;
      });
      belief.forEach((value, i) => {
        mean[i] = (mean[i] ?? 0) + probability * value;
      });
    }
    /** Dimensions of 95 percent of the variance of the product of `count` independent beliefs. */
    const dimensionsOf = (count: number) => {
      let second: Float64Array = moment;
      let first: Float64Array = mean;
      for (let n = 1; n < count; n++) {
        second = kronecker(second, first.length, moment, 3);
        first = kroneckerVector(first, mean);
      }
      const d = first.length;
      const products = kroneckerVector(first, first);
      const { values } = singularValueDecomposition(
        second.map((value, i) => value - (products[i] ?? 0)),
        [d, d],
      );
      const total = values.reduce((sum, value) => sum + value, 0);
      let [seen, dimensions] = [0, 0];
      while (seen < 0.95 * total) seen += values[dimensions++] ?? 0;
      return dimensions;
    };
    expect([1, 2, 3].map(dimensionsOf)).toEqual([2, 7, 18]);
    // side by side the covariance is block diagonal, with the two equal variances of one Mess3 in each block
    const { values } = singularValueDecomposition(
      moment.map((value, i) => value - (mean[Math.floor(i / 3)] ?? 0) * (mean[i % 3] ?? 0)),
      [3, 3],
    );
    expect((values[0] ?? 0) / (values[1] ?? 1)).toBeCloseTo(1, 10);
  });

  test("Z9 at kappa = 0 is two independent Z1R: 8 against 4", () => {
    expect(dimensionCount.residual({ factors: [z1r, z1r], joint: phaseLockedZ1r() })).toBeLessThan(1e-14);
  });

  test("a subject must be made of independent factors that span", () => {
    const factors = ["first", "second"].map((name) => ({ name, dimension: 3 }));
    const declared = { factors, tokenSizes: [2, 3] };
    const instance = dimensionCount.instanceOf({ process: tensorProduct(z1r, factor), ...declared });
    expect(instance?.length).toBe(2);
    expect(instance === undefined ? 1 : dimensionCount.residual(instance)).toBeLessThan(1e-12);
    expect(dimensionCount.instanceOf({ process: tensorProduct(z1r, factor) })).toBeUndefined();
    const blind = mess3({ x: 0.2, a: 1 / 3 });
    expect(dimensionCount.instanceOf({ process: tensorProduct(z1r, blind), ...declared })).toBeUndefined();
    const coupled = phaseLockedZ1r({ kappa: 0.1 });
    expect(dimensionCount.instanceOf({ process: coupled, factors, tokenSizes: [2, 2] })).toBeUndefined();
  });

  test("bad input", () => {
    expect(() => dimensionCount.residual({ factors: [z1r], joint: z1r })).toThrow("there are 1 factors");
    expect(() => dimensionCount.residual({ factors: [z1r, z1r], joint: z1r })).toThrow(
      "the factors have 9 joint states",
    );
    expect(() => dimensionCount.residual({ factors: [z1r, z1r], length: -1 })).toThrow("length is -1");
  });
});
