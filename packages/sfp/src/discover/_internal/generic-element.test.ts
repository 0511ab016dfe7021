import { createKey, mess3, mixture, type Process, tensorProduct } from "@semifactor/ghmm";
import { eigenvalues, multiply } from "@semifactor/ghmm/internal";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { families } from "../../families/namespace.ts";
import { partition } from "../../structure/partition.ts";
import { genericElement, invariantSubspaces, unknowns } from "./generic-element.ts";
import { frobenius } from "./spectral-split.ts";

const operatorsOf = (process: Process) => process.alphabet.map((_, token) => process.operator(token));
const elementOf = (process: Process, seed = 0) =>
  genericElement(operatorsOf(process), process.stateDim, createKey(seed));
const capability = mess3({ x: 0.15, a: 0.6 });

describe("genericElement", () => {
  test("is in the algebra: what commutes with the operators commutes with it", () => {
    const process = families.phaseLockedZ1r({ kappa: 0.5 });
    const element = elementOf(process);
    element.forEach((value, i) => {
      const [row, column] = [Math.floor(i / 9), i % 9];
      if (process.partition.blockOf[row] !== process.partition.blockOf[column]) expect(value).toBe(0);
    });
    expect(frobenius(element)).toBeCloseTo(3, 12);
  });

  test("tells blocks apart: its eigenvalues are all different", () => {
    const { real, imaginary } = eigenvalues(elementOf(families.personaMess3({ theta: 0.5 })), 6);
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < i; j++) {
        const distance = Math.hypot((real[i] ?? 0) - (real[j] ?? 0), (imaginary[i] ?? 0) - (imaginary[j] ?? 0));
        expect(distance).toBeGreaterThan(1e-4);
      }
    }
  });

  test("depends on the key alone, and is zero for operators that are zero", () => {
    expect(elementOf(capability, 3)).toEqual(elementOf(capability, 3));
    expect(elementOf(capability, 3)).not.toEqual(elementOf(capability, 4));
    expect(genericElement([new Float64Array(4)], 2, createKey(0))).toEqual(new Float64Array(4));
  });
});

describe("invariantSubspaces", () => {
  const large = blockDiagonalHmm(partition({ structure: alignmentAndCapability(4, 6), blocks: "sectors" }), 2, 1);

  test.each<[string, Process, number]>([
    ["24 states in 4 blocks", large, 60],
    ["Mess3 x Mess3", tensorProduct(capability, capability), 20],
    ["Mess3 twice", mixture({ components: [capability, capability], weights: [0.5, 0.5] }), 12],
  ])("%s: the element maps each to itself, and their unknowns are few", (_, process, few) => {
    const d = process.stateDim;
    const element = elementOf(process);
    const subspaces = invariantSubspaces(element, d, few);
    expect(subspaces.reduce((sum, { size }) => sum + size, 0)).toBe(d);
    expect(unknowns(subspaces)).toBeLessThanOrEqual(few);
    for (const { columns, matrix, size } of subspaces) {
      const [image, expected] = [multiply(element, columns, d), multiply(columns, matrix, size)];
      image.forEach((value, i) => {
        expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(1e-9);
      });
    }
  });

  test("is the whole space where that has few unknowns already", () => {
    expect(invariantSubspaces(elementOf(capability), 3, 9).map(({ size }) => size)).toEqual([3]);
  });

  test("keeps equal eigenvalues together, however few unknowns are asked for", () => {
    const twice = mixture({ components: [capability, capability], weights: [0.5, 0.5] });
    const sizes = invariantSubspaces(elementOf(twice), 6, 0).map(({ size }) => size);
    expect(sizes.every((size) => size % 2 === 0)).toBe(true);
  });
});
