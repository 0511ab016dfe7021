import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { changeBasis } from "../compose/change-basis.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { dot } from "../numeric/matrix.ts";
import { withStorage } from "../process/with-storage.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { anyProcess, emptyWork, expectSteps, workFor } from "./_testing/filters.ts";
import { filterByStep, filterKernel, loopKernel, WORTH_COMPILING } from "./filter-kernel.ts";

describe("filterByStep", () => {
  test("names what stops it", () => {
    const process = goldenMean();
    const tried = (tokens: readonly number[]) =>
      filterByStep(process, { ...emptyWork(process, new Int32Array(4), 2, 2), tokens });
    expect(tried([0, 1, 0, 0])).toBeUndefined();
    expect(tried([0, 0, 1, 1])).toEqual({ sequence: 1, position: 1, token: 1 });
    for (const token of [-1, 2, 0.5, Number.NaN]) {
      expect(tried([0, token, 0, 0])).toEqual({ sequence: 0, position: 1, token });
    }
    expect(tried([0, 0, 0])).toEqual({ sequence: 1, position: 1, token: undefined });
  });
});

describe("loopKernel", () => {
  test.prop([anyProcess, fc.nat(3), fc.nat(6)], { numRuns: 60 })("does what step does", (process, count, length) => {
    const work = workFor(process, count, length);
    expect(loopKernel(process)(work)).toBe(true);
    expectSteps(process, work);
  });

  test("stops at tokens that are impossible or out of range", () => {
    const kernel = loopKernel(goldenMean());
    for (const tokens of [
      [0, 1, 1],
      [0, 2, 0],
      [0, 0, -1],
    ]) {
      expect(kernel(emptyWork(goldenMean(), Int32Array.from(tokens), 1, 3))).toBe(false);
    }
  });
});

describe("filterKernel", () => {
  test("is made once for large batches", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(filterKernel(process, WORTH_COMPILING)).toBe(filterKernel(process, 10 * WORTH_COMPILING));
    expect(filterKernel(process, 1)).not.toBe(filterKernel(process, WORTH_COMPILING));
  });

  const z1r = zeroOneRandom({ p: 0.5 });
  const wide = tensorProduct(mess3({ x: 0.1, a: 0.6 }), mess3({ x: 0.15, a: 0.6 }));
  test.each([
    ["sparse", tensorProduct(z1r, z1r)],
    ["dense", withStorage(wide, "dense")],
    ["a table", mess3({ x: 0.15, a: 0.6 })],
    ["Kronecker", tensorProduct(wide, zeroOneRandom({ p: 0.3 }))],
    ["too large to write out", withStorage(tensorProduct(wide, z1r), "dense")],
    ["an implementation without storage", { ...wide, storage: undefined } as unknown as typeof wide],
  ])("filters %s as step does", (_, process) => {
    const work = workFor(process, 40, 40);
    expect(filterKernel(process, work.tokens.length)(work)).toBe(true);
    expectSteps(process, work);
  });

  test("beliefs stay normalized over a long word, in other coordinates too", () => {
    const process = changeBasis(mess3({ x: 0.15, a: 0.6 }), [
      [1, 0.5, 0],
      [0, 2, -1],
      [0.3, 0, 1],
    ]);
    const work = workFor(process, 1, 50_000);
    expect(filterKernel(process, work.tokens.length)(work)).toBe(true);
    for (let t = 0; t <= 50_000; t += 1000) {
      expect(dot(work.beliefs.subarray(3 * t, 3 * t + 3), process.normalizer)).toBeCloseTo(1, 13);
    }
  });
});
