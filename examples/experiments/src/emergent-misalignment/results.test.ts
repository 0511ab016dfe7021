import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { syntheticResult } from "./_internal/synthetic-result.ts";
import { adapterMean, assertStudy, cellResultSchema, passesNarrowGate } from "./results.ts";

const cellsOf = (shared: readonly number[], independent: readonly number[]) => [
  ...shared.map((frac, seed) => syntheticResult("shared-pairs", seed, frac)),
  ...independent.map((frac, seed) => syntheticResult("independent-pairs", seed, frac)),
];

describe("assertStudy", () => {
  test("below four seeds of both pairs cells nothing is asserted", () => {
    expect(assertStudy(cellsOf([1, 1, 1], [0, 0, 0, 0])).asserted).toBe(false);
    expect(assertStudy(cellsOf([1, 1, 1, 1], [])).asserted).toBe(false);
  });

  test("holds when the means are above .8 and below .2, every seed counted", () => {
    const assertion = assertStudy(cellsOf([1, 1, 0.77, 1], [0, 0.07, 0, 0.03]));
    expect(assertion).toMatchObject({ asserted: true, holds: true, shared: [1, 1, 0.77, 1] });
    expect(assertion.sharedMean).toBeCloseTo(0.9425, 12);
    expect(assertion.independentMean).toBeCloseTo(0.025, 12);
  });

  test.each([
    ["one bad shared seed", [1, 1, 1, 0.1], [0, 0, 0, 0]],
    ["a leaking control", [1, 1, 1, 1], [0.9, 0, 0, 0]],
  ])("fails with %s", (_, shared, independent) => {
    expect(assertStudy(cellsOf(shared, independent))).toMatchObject({ asserted: true, holds: false });
  });

  test("a smoke run is never asserted", () => {
    const smoke = cellsOf([1, 1, 1, 1], [0, 0, 0, 0]).map((r) => ({ ...r, config: { ...r.config, smoke: true } }));
    expect(assertStudy(smoke).asserted).toBe(false);
  });

  test("the direct cells do not enter", () => {
    const direct = [0, 1, 2, 3].map((seed) => syntheticResult("shared-direct", seed, 0));
    expect(assertStudy([...cellsOf([1, 1, 1, 1], [0, 0, 0, 0]), ...direct]).holds).toBe(true);
  });
});

describe("summaries of a cell", () => {
  test("means run over narrow sets of one adapter only", () => {
    const result = syntheticResult("shared-pairs", 0, 0.5);
    const [first, ...rest] = result.fineTune;
    if (first === undefined) throw new Error("no fine-tuning run");
    const changed = { ...result, fineTune: [{ ...first, final: { ...first.final, frac: 0.8 } }, ...rest] };
    expect(adapterMean(changed, "full", "frac")).toBeCloseTo(0.6, 12);
    expect(adapterMean(changed, "prior", "frac")).toBeCloseTo(0.5, 12);
  });

  test("one narrow set below the gate marks the adapter", () => {
    expect(passesNarrowGate(syntheticResult("shared-pairs", 0, 1), "lora")).toBe(true);
    expect(passesNarrowGate(syntheticResult("shared-pairs", 0, 1, { narrow: 0.89 }), "lora")).toBe(false);
  });
});

test("a cell result survives JSON and the schema", () => {
  const result = syntheticResult("independent-direct", 2, 0.3);
  expect(v.parse(cellResultSchema, JSON.parse(JSON.stringify(result)))).toEqual(result);
});
