import { createHmm, createKey, mixture, type Process, zeroOneRandom } from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { describe, expect, test } from "vitest";
import { families } from "../../families/namespace.ts";
import { type BlockPart, type BlockPartsOptions, blockParts, wholeSpace } from "./block-parts.ts";
import { commutant } from "./commutant.ts";
import { identity } from "./spectral-split.ts";

const operatorsOf = (process: Process) => process.alphabet.map((_, token) => process.operator(token));

function cut(process: Process, options: Partial<BlockPartsOptions> = {}) {
  const d = process.stateDim;
  const operators = operatorsOf(process);
  const key = createKey(0);
  const { elements } = commutant(operators, d, { source: "test", tolerance: 1e-8, dimension: undefined, key });
  return blockParts(wholeSpace(operators, elements, d), {
    limit: 1e-6,
    noise: 1e-9,
    blocks: undefined,
    key,
    ...options,
  });
}

const dimensions = (parts: readonly BlockPart[]) => parts.map(({ dimension }) => dimension).sort((a, b) => a - b);

describe("blockParts", () => {
  test("cuts until nothing is left to cut, with dual bases and the operators inside", () => {
    const process = families.phaseLockedZ1r({ kappa: 0.5 });
    const { parts, largestDefect } = cut(process);
    expect(dimensions(parts)).toEqual([3, 3, 3]);
    expect(largestDefect).toBeLessThan(1e-12);
    parts.forEach((one, i) => {
      parts.forEach((other, j) => {
        const product = multiply(one.rows, other.columns, 9);
        product.forEach((value, at) => {
          expect(value).toBeCloseTo(i === j ? (identity(3)[at] ?? 0) : 0, 10);
        });
      });
      operatorsOf(process).forEach((operator, x) => {
        const inside = multiply(one.rows, multiply(operator, one.columns, 9), 9);
        inside.forEach((value, at) => {
          expect(one.operators[x]?.[at]).toBeCloseTo(value, 10);
        });
      });
    });
  });

  test("stops at the number of blocks that was asked for", () => {
    expect(cut(families.staticLabels(), { blocks: 3 }).parts.length).toBe(3);
    expect(cut(families.staticLabels(), { blocks: 1 }).parts.length).toBe(1);
  });

  test("makes no cut above the limit, and none along elements that are the identity up to the noise", () => {
    const process = families.personaZ1r();
    expect(dimensions(cut(process).parts)).toEqual([3, 3]);
    expect(dimensions(cut(process, { limit: -1 }).parts)).toEqual([6]);
    expect(dimensions(cut(process, { noise: 100 }).parts)).toEqual([6]);
  });

  test("is never finer than the commutant is large, however loose the limit", () => {
    expect(dimensions(cut(families.personaZ1r(), { limit: 10, noise: 0 }).parts)).toEqual([3, 3]);
  });

  test("cuts copies, whose commuting elements may have complex eigenvalues, with every key", () => {
    const persona = zeroOneRandom({ p: 0.2 });
    const process = mixture({ components: [persona, persona], weights: [0.5, 0.5] });
    for (let seed = 0; seed < 40; seed++) {
      expect(dimensions(cut(process, { key: createKey(seed) }).parts)).toEqual([3, 3]);
    }
  });

  test("keeps a quaternionic block whole: every matrix that commutes with it has double pairs of complex eigenvalues", () => {
    // right multiplication by i and by j in the group of quaternions 1, i, j, k, -1, -i, -j, -k
    const byI = [1, 4, 7, 2, 5, 0, 3, 6];
    const byJ = [2, 3, 4, 5, 6, 7, 0, 1];
    const rows = (to: readonly number[]) => to.map((image) => to.map((_, s) => (s === image ? 0.5 : 0)));
    const process = createHmm({ operators: [rows(byI), rows(byJ)], initial: [1, 0, 0, 0, 0, 0, 0, 0] });
    for (let seed = 0; seed < 10; seed++) {
      expect(dimensions(cut(process, { key: createKey(seed) }).parts)).toEqual([1, 1, 1, 1, 4]);
    }
  });
});
