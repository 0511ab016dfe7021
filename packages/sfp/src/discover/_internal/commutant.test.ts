import { fc, test } from "@fast-check/vitest";
import { createKey, evenOnes, mess3, mixture, type Process, tensorProduct, UnsupportedError } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { describe, expect } from "vitest";
import { blockDiagonalHmm } from "../../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { partition } from "../../structure/partition.ts";
import { denseCommutantDimension } from "../_testing/dense-commutant.ts";
import { scrambled } from "../_testing/random-similarity.ts";
import { commutant } from "./commutant.ts";
import { frobenius } from "./spectral-split.ts";

const operatorsOf = (process: Process) => process.alphabet.map((_, token) => process.operator(token));
const solve = (process: Process, options: { readonly tolerance?: number; readonly dimension?: number } = {}) =>
  commutant(operatorsOf(process), process.stateDim, {
    source: "test",
    tolerance: options.tolerance ?? 1e-8,
    dimension: options.dimension,
    key: createKey(0),
  });

/** `|X T - T X|` over `|X| |T|`, with `|T|` the root of the summed squares over tokens, per state. */
function relativeCommutator(process: Process, element: Float64Array): number {
  const d = process.stateDim;
  let [commutator, size] = [0, 0];
  for (const operator of operatorsOf(process)) {
    const right = multiply(operator, element, d);
    commutator += frobenius(multiply(element, operator, d).map((value, i) => value - (right[i] ?? 0))) ** 2;
    size += frobenius(operator) ** 2;
  }
  return Math.sqrt(commutator / (size / d)) / frobenius(element);
}

const capability = mess3({ x: 0.15, a: 0.6 });
const copies = (count: number, process: Process) =>
  mixture({
    components: Array.from({ length: count }, () => process),
    weights: Array.from({ length: count }, () => 1 / count),
  });

describe("commutant", () => {
  test.prop([semiFactoredProcess(), fc.nat(100)], { numRuns: 20 })(
    "its elements commute with every operator",
    (one, seed) => {
      const process = scrambled(one, 20, seed);
      const { elements, singularValues } = solve(process);
      expect(elements.length).toBeGreaterThanOrEqual(one.partition.blocks.length);
      for (const element of elements) expect(relativeCommutator(process, element)).toBeLessThan(1e-10);
      for (let i = 1; i < singularValues.length; i++) {
        expect((singularValues[i] ?? 0) - (singularValues[i - 1] ?? 0)).toBeGreaterThanOrEqual(0);
      }
    },
  );

  test("the identity is in it", () => {
    const { elements } = solve(capability);
    const [identity = new Float64Array(9)] = elements;
    const scale = identity[0] ?? 0;
    identity.forEach((value, i) => {
      expect(value / scale).toBeCloseTo(i % 4 === 0 ? 1 : 0, 12);
    });
  });

  test("in dense coordinates a singular value is the relative commutator of its element", () => {
    const { elements, singularValues } = solve(capability, { dimension: 9 });
    elements.forEach((element, i) => {
      expect(relativeCommutator(capability, element)).toBeCloseTo(singularValues[i] ?? Number.NaN, 10);
    });
  });

  test.each([
    ["Mess3 x Mess3", tensorProduct(capability, capability)],
    ["four copies of Mess3", copies(4, capability)],
    ["a product with a copy", tensorProduct(evenOnes({ p: 0.5 }), copies(2, evenOnes({ p: 0.3 })))],
  ])("structured and dense null spaces have the same dimension: %s", (_, process) => {
    expect(solve(process).elements.length).toBe(denseCommutantDimension(process));
  });

  test("64 states are solved with few unknowns, to the precision of rounding", () => {
    const blocks = partition({ structure: alignmentAndCapability(16, 4), blocks: "sectors" });
    const process = blockDiagonalHmm(blocks, 3, 2);
    const { elements, singularValues } = solve(process);
    expect(singularValues.length).toBeLessThan(320);
    expect(elements.length).toBe(16);
    for (const element of elements) expect(relativeCommutator(process, element)).toBeLessThan(1e-9);
  }, 60_000);

  test("is found in badly conditioned coordinates", () => {
    const process = mixture({ components: [capability, mess3({ x: 0.3, a: 0.9 })], weights: [0.5, 0.5] });
    expect(solve(scrambled(process, 1e4, 1)).elements.length).toBe(2);
  });

  test("refuses operators that repeat too many eigenvalues", () => {
    expect(() => solve(copies(20, capability))).toThrow(UnsupportedError);
    expect(() => solve(copies(20, capability))).toThrow("test: the equations of the 60 x 60 commutant have");
  });
});
