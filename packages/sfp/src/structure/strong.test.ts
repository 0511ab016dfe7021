import {
  createGhmm,
  createHmm,
  evenOnes,
  goldenMean,
  type Process,
  tensorProduct,
  zeroOneRandom,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability, blockPartition } from "../arbitraries/partitions.ts";
import { partition } from "./partition.ts";
import { semiFactored } from "./semi-factored.ts";
import { isStrong } from "./strong.ts";

describe("strong", () => {
  const rows = (process: { operator(token: number): Float64Array; stateDim: number }, token: number) =>
    Array.from({ length: process.stateDim }, (_, s) =>
      process.operator(token).slice(s * process.stateDim, (s + 1) * process.stateDim),
    );

  /** Two copies of a process side by side, as sectors of two states of the first factor each. */
  function sectorsOf(first: ReturnType<typeof tensorProduct>, second: ReturnType<typeof tensorProduct>) {
    const size = first.stateDim;
    const operators = first.alphabet.map((_, token) => [
      ...rows(first, token).map((row) => [...row, ...new Array<number>(size).fill(0)]),
      ...rows(second, token).map((row) => [...new Array<number>(size).fill(0), ...row]),
    ]);
    const structure = alignmentAndCapability(4, size / 2);
    const blocks = partition({
      structure,
      sectors: [
        [
          [0, 1],
          [2, 3],
        ],
        [Array.from({ length: size / 2 }, (_, c) => c)],
      ],
      blocks: "sectors",
    });
    const initial = new Array<number>(2 * size).fill(1 / (2 * size));
    return semiFactored({ process: createHmm({ operators, initial }), structure, blocks });
  }

  test("holds for a mixture of factored processes with wide sectors, and fails when one of them is not factored", () => {
    const one = tensorProduct(goldenMean({ p: 0.3 }), zeroOneRandom({ p: 0.5 }));
    const other = tensorProduct(evenOnes({ p: 0.6 }), zeroOneRandom({ p: 0.2 }));
    expect(sectorsOf(one, other).strong).toBe(true);
    const swapped = createGhmm({
      operators: one.alphabet.map((_, token) => {
        // states renumbered within the block: the same process, no longer a tensor product
        const order = [1, 0, 2, 3, 4, 5];
        const original = rows(one, token);
        return order.map((s) => order.map((t) => original[s]?.[t] ?? 0));
      }),
      initial: [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6],
    });
    expect(sectorsOf(swapped, other).strong).toBe(false);
  });

  test("is false for blocks that are not rectangles, since those spaces are no tensor products", () => {
    const process = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 }));
    const blocks = [0, 1, 2].map((k) => [0, 1, 2].map((c) => [(c + k) % 3, c] as const));
    expect(semiFactored({ process, structure: alignmentAndCapability(3, 3), blocks })).toMatchObject({
      kind: "graph",
      strong: false,
    });
  });
});

describe("isStrong", () => {
  /** Two sectors of two states of the first factor each, over two states of the second: blocks of 2 x 2 states. */
  const blocks = partition({
    structure: alignmentAndCapability(4, 2),
    sectors: [
      [
        [0, 1],
        [2, 3],
      ],
      [[0, 1]],
    ],
    blocks: "sectors",
  });

  /** A process of one token with the given operator `[8, 8]`: what isStrong reads of one, with any real entries. */
  const withOperator = (operator: Float64Array): Process => ({
    alphabet: ["0"],
    stateDim: 8,
    initial: new Float64Array(8),
    normalizer: new Float64Array(8).fill(1),
    certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 },
    operator: () => operator,
    step: () => 0,
  });

  /** `a_i (x) c_i` on block i, row-major 2 x 2 factors. */
  const mixture = (factors: readonly { readonly a: readonly number[]; readonly c: readonly number[] }[]) => {
    const operator = new Float64Array(64);
    factors.forEach(({ a, c }, i) => {
      for (let entry = 0; entry < 16; entry++) {
        const [p, q, r, s] = [(entry >> 3) & 1, (entry >> 2) & 1, (entry >> 1) & 1, entry & 1];
        operator[(4 * i + 2 * p + r) * 8 + 4 * i + 2 * q + s] = (a[2 * p + q] ?? 0) * (c[2 * r + s] ?? 0);
      }
    });
    return operator;
  };
  const four = fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
  const factors = fc.array(fc.record({ a: four, c: four }), { minLength: 2, maxLength: 2 });

  test("holds for any tensor product on each block, and fails when one entry of a block differs", () => {
    fc.assert(
      fc.property(factors, fc.nat(1), fc.nat(3), fc.nat(3), (both, block, row, column) => {
        const operator = mixture(both);
        expect(isStrong(withOperator(operator), blocks)).toBe(true);
        const at = (4 * block + row) * 8 + 4 * block + column;
        // within rounding it is the same operator, and a ten-thousandth is none: every entry is at least .01
        expect(isStrong(withOperator(operator.with(at, (operator[at] ?? 0) + 1e-13)), blocks)).toBe(true);
        expect(isStrong(withOperator(operator.with(at, (operator[at] ?? 0) + 1e-4)), blocks)).toBe(false);
      }),
    );
  });

  test("two products are a product only if their factors are proportional: diag(1, 0) (x) I + diag(0, 1) (x) X is none", () => {
    const controlledNot = new Float64Array(64);
    for (const [from, to] of [
      [0, 0],
      [1, 1],
      [2, 3],
      [3, 2],
    ] as const) {
      controlledNot[from * 8 + to] = 1;
    }
    expect(isStrong(withOperator(controlledNot), blocks)).toBe(false);
  });

  test("the zero operator is a tensor product", () => {
    expect(isStrong(withOperator(new Float64Array(64)), blocks)).toBe(true);
  });

  test("is no condition where one side of every block has length one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.nat(1000), (dA, dC, seed) => {
        const sectors = partition({ structure: alignmentAndCapability(dA, dC), blocks: "sectors" });
        expect(isStrong(blockDiagonalHmm(sectors, 2, seed), sectors)).toBe(true);
      }),
    );
  });

  test("fails for every partition with a block that is no rectangle, whatever the process", () => {
    fc.assert(
      fc.property(blockPartition(), fc.nat(1000), (random, seed) => {
        const dC = random.structure.factors[1].dimension;
        const full = random.blocks.every(({ cells }) => {
          const [rows, columns] = [new Set(cells.map(([i]) => i)), new Set(cells.map(([, j]) => j))];
          return rows.size * columns.size === cells.length;
        });
        fc.pre(!full && dC > 1);
        expect(isStrong(blockDiagonalHmm(random, 2, seed), random)).toBe(false);
      }),
    );
  });
});
