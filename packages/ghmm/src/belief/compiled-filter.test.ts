import { fc, test } from "@fast-check/vitest";
import { afterEach, describe, expect, vi } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { createHmm } from "../process/create.ts";
import { withStorage } from "../process/with-storage.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { anyProcess, emptyWork, expectSteps, workFor } from "./_testing/filters.ts";
import { compileFilter } from "./compiled-filter.ts";
import { filterKernel } from "./filter-kernel.ts";

afterEach(() => void vi.unstubAllGlobals());

/** Makes `new Function` throw. */
function forbidCode(error: Error): void {
  const Forbidden = class {
    constructor() {
      throw error;
    }
  };
  vi.stubGlobal("Function", Forbidden);
}

describe("compileFilter", () => {
  test.prop([anyProcess, fc.nat(5), fc.nat(7)], { numRuns: 100 })("does what step does", (process, count, length) => {
    const work = workFor(process, count, length);
    expect(compileFilter(process)?.(work)).toBe(true);
    expectSteps(process, work);
  });

  test("one state, one token", () => {
    const process = createHmm({ operators: [[[1]]] });
    const work = emptyWork(process, new Int32Array(6), 2, 3);
    expect(compileFilter(process)?.(work)).toBe(true);
    expect(Array.from(work.beliefs)).toEqual(new Array(8).fill(1));
    expect(Array.from(work.probabilities)).toEqual(new Array(6).fill(1));
  });

  // two states: entries in a table; six: a branch for each token
  test.each([
    ["a table", goldenMean()],
    ["branches", tensorProduct(goldenMean(), mess3({ x: 0.15, a: 0.6 }))],
  ])("stops at what is impossible or out of range, by %s", (_, process) => {
    const kernel = compileFilter(process);
    const last = process.alphabet.length - 1;
    for (const tokens of [
      [0, 0, 0, last, last, 0],
      [0, 0, 0, 0, 0, last + 1],
      [-1, 0, 0, 0, 0, 0],
    ]) {
      expect(kernel?.(emptyWork(process, Int32Array.from(tokens), 2, 3))).toBe(false);
    }
    expect(kernel?.(emptyWork(process, Int32Array.of(0, 0, 0, last, 0, 0), 2, 3))).toBe(true);
  });

  test("refuses what would be too long", () => {
    const m = mess3({ x: 0.15, a: 0.6 });
    expect(compileFilter(withStorage(tensorProduct(m, m, m), "dense"))).toBeUndefined();
  });

  test("a content-security policy that forbids code leaves the loops", () => {
    forbidCode(new EvalError("Code generation from strings disallowed"));
    const process = mess3({ x: 0.2, a: 0.6 });
    expect(compileFilter(process)).toBeUndefined();
    const work = workFor(process, 40, 40);
    expect(filterKernel(process, work.tokens.length)(work)).toBe(true);
    expectSteps(process, work);
  });

  test("other errors are not hidden", () => {
    const error = new RangeError("out of something");
    forbidCode(error);
    expect(() => compileFilter(goldenMean())).toThrow(error);
  });
});
