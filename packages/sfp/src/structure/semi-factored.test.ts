import {
  beliefState,
  changeBasis,
  coin,
  createHmm,
  createKey,
  evenOnes,
  goldenMean,
  InvalidArgumentError,
  NotBlockInvariantError,
  NotNormalizedError,
  type Process,
  ShapeError,
  sampleSequences,
  tensorProduct,
  wordProbability,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability, blockPartition } from "../arbitraries/partitions.ts";
import { partition } from "./partition.ts";
import { semiFactored } from "./semi-factored.ts";
import { tensorStructure } from "./tensor-structure.ts";

/** A static label over two coins: state 2 i + s, label i fixed. */
const mixture = createHmm({
  operators: [
    [
      [0.1, 0.2, 0, 0],
      [0.3, 0.1, 0, 0],
      [0, 0, 0.5, 0.1],
      [0, 0, 0.2, 0.2],
    ],
    [
      [0.3, 0.4, 0, 0],
      [0.5, 0.1, 0, 0],
      [0, 0, 0.3, 0.1],
      [0, 0, 0.4, 0.2],
    ],
  ],
  initial: [0.25, 0.25, 0.25, 0.25],
});

describe("semiFactored", () => {
  test("accepts every block-diagonal process and refuses it after the smallest leak", () => {
    fc.assert(
      fc.property(blockPartition(), fc.nat(1000), (blocks, seed) => {
        const { structure } = blocks;
        const good = semiFactored({ process: blockDiagonalHmm(blocks, 2, seed), structure, blocks });
        expect(good.defect).toBe(0);
        expect(good.kind).toBe(blocks.kind);
        const process = blockDiagonalHmm(blocks, 2, seed, 1e-6);
        expect(() => semiFactored({ process, structure, blocks })).toThrow(NotBlockInvariantError);
        expect(semiFactored({ process, structure, blocks, tolerance: 1e-5 }).defect).toBe(1e-6);
      }),
    );
  });

  test("a structure that leaks in one direction only is refused, and the message names token, blocks and entry", () => {
    const process = createHmm({
      operators: [
        [
          [0.4, 0.1],
          [0, 0.5],
        ],
        [
          [0.5, 0],
          [0, 0.5],
        ],
      ],
      initial: [0.5, 0.5],
      alphabet: ["stay", "go"],
    });
    expect(() => semiFactored({ process, structure: alignmentAndCapability(2, 1), blocks: "sectors" })).toThrow(
      'semiFactored: the operator of token 0 ("stay") joins block 0 with block 1: entry [0, 1] is 0.1 in size.',
    );
  });

  test("the direction of the leak does not matter", () => {
    const leaky = (operator: readonly (readonly number[])[]) =>
      createHmm({ operators: [operator], initial: [0.5, 0.5] });
    const [up, down] = [
      [
        [0.9, 0.1],
        [0, 1],
      ],
      [
        [1, 0],
        [0.1, 0.9],
      ],
    ].map(
      (operator) => () =>
        semiFactored({ process: leaky(operator), structure: alignmentAndCapability(2, 1), blocks: "cells" }),
    );
    expect(up).toThrow("joins block 0 with block 1: entry [0, 1] is 0.1");
    expect(down).toThrow("joins block 1 with block 0: entry [1, 0] is 0.1");
  });

  test("is a process itself: sampling, filtering and word probabilities work on it", () => {
    const process = semiFactored({ process: mixture, structure: alignmentAndCapability(2, 2), blocks: "sectors" });
    expect(wordProbability(process, [0, 1])).toBe(wordProbability(mixture, [0, 1]));
    expect(beliefState(process, [0, 1])).toEqual(beliefState(mixture, [0, 1]));
    expect(sampleSequences(process, { key: createKey(0), count: 2, length: 5 }).tokens.length).toBe(10);
  });

  test("two irreducible aperiodic factors have no nontrivial coordinate block: factored does not imply semi-factored", () => {
    const process = tensorProduct(goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 }));
    const structure = alignmentAndCapability(2, 2);
    for (const blocks of ["sectors", "cells"] as const) {
      expect(() => semiFactored({ process, structure, blocks })).toThrow(NotBlockInvariantError);
    }
  });

  test("takes signed processes in a gauge that keeps the blocks, and their normalizer", () => {
    const basis = [
      [2, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 1, 1],
    ];
    const process = changeBasis(mixture, basis);
    // w' = S w is (3, 1, 1, 2): not a product of factors
    expect(() => semiFactored({ process, structure: alignmentAndCapability(2, 2), blocks: "sectors" })).toThrow(
      NotNormalizedError,
    );
    const product = changeBasis(mixture, [
      [2, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 2, 1],
      [0, 0, 0, 1],
    ]);
    const structure = tensorStructure({
      factors: [
        { name: "alignment", dimension: 2 },
        { name: "capability", dimension: 2, normalizer: [3, 1] },
      ],
    });
    const sfp = semiFactored({ process: product, structure, blocks: "sectors" });
    expect(sfp.defect).toBeLessThan(1e-12);
    expect(wordProbability(sfp, [1, 0, 0])).toBeCloseTo(wordProbability(mixture, [1, 0, 0]), 12);
  });

  test("takes a process that is an instance of a class", () => {
    class Switch implements Process {
      readonly alphabet = ["0", "1"];
      readonly stateDim = 2;
      readonly initial = Float64Array.of(0.5, 0.5);
      readonly normalizer = Float64Array.of(1, 1);
      readonly certificate = { kind: "hmm" } as const;
      readonly #diagonal = [0.25, 0.75];
      operator(token: number): Float64Array {
        return Float64Array.of(this.#diagonal[token] ?? 0, 0, 0, this.#diagonal[1 - token] ?? 0);
      }
      step(belief: ArrayLike<number>, token: number, out: Float64Array): number {
        const [first = 0, second = 0] = [this.#diagonal[token], this.#diagonal[1 - token]];
        const weights = [first * (belief[0] ?? 0), second * (belief[1] ?? 0)] as const;
        const probability = weights[0] + weights[1];
        out.set(weights.map((weight) => weight / probability));
        return probability;
      }
    }
    const sfp = semiFactored({ process: new Switch(), structure: alignmentAndCapability(2, 1), blocks: "sectors" });
    expect(Array.from(beliefState(sfp, [0]))).toEqual([0.25, 0.75]);
    expect(Array.from(sfp.operator(1))).toEqual([0.75, 0, 0, 0.25]);
  });

  test("has the structure that was asked for, also with a partition made for an equal one", () => {
    const structure = alignmentAndCapability(2, 2);
    const blocks = partition({ structure: alignmentAndCapability(2, 2), blocks: "sectors" });
    const sfp = semiFactored({ process: mixture, structure, blocks });
    expect(sfp.structure).toBe(structure);
    expect(sfp.partition.structure).toBe(structure);
  });

  test.each([Number.NaN, -1e-9, Number.POSITIVE_INFINITY])("refuses a tolerance of %s", (tolerance) => {
    const make = () =>
      semiFactored({ process: mixture, structure: alignmentAndCapability(2, 2), blocks: "sectors", tolerance });
    expect(make).toThrow(`semiFactored: tolerance is ${tolerance}`);
  });

  test("refuses a structure of another size and a partition of another structure", () => {
    expect(() =>
      semiFactored({ process: mixture, structure: alignmentAndCapability(2, 3), blocks: "sectors" }),
    ).toThrow(ShapeError);
    const other = partition({ structure: alignmentAndCapability(4, 1), blocks: "sectors" });
    const make = () => semiFactored({ process: mixture, structure: alignmentAndCapability(2, 2), blocks: other });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow("the partition is of a 4 x 1 structure and the structure is 2 x 2");
  });

  test("refuses the trivial partition, which every process preserves", () => {
    const process = coin({ p: 0.5 });
    expect(() => semiFactored({ process, structure: alignmentAndCapability(1, 1), blocks: "sectors" })).toThrow(
      "only one block",
    );
  });

  test("processes that nothing checked when they were made: every number has to be one", () => {
    const structure = alignmentAndCapability(2, 2);
    const withEntry = (at: number, value: number): Process => ({
      ...mixture,
      operator: (token) => mixture.operator(token).map((entry, i) => (token === 1 && i === at ? value : entry)),
    });
    const declare = (process: Process) => () => semiFactored({ process, structure, blocks: "sectors" });
    expect(declare(mixture)).not.toThrow();
    // between two blocks, where NaN is no larger than anything, and inside one
    for (const at of [2, 0]) {
      expect(declare(withEntry(at, Number.NaN))).toThrow(InvalidArgumentError);
      expect(declare(withEntry(at, Number.NaN))).toThrow(`entry [0, ${at}] of the operator of token 1 ("1") is NaN`);
    }
    expect(declare(withEntry(0, Number.POSITIVE_INFINITY))).toThrow("is Infinity");
    expect(declare({ ...mixture, operator: () => new Float64Array(3) })).toThrow(ShapeError);
    const initial = Float64Array.of(0.5, Number.NaN, 0.5, 0);
    expect(declare({ ...mixture, initial })).toThrow("the initial state of the process[1] is NaN");
    expect(declare({ ...mixture, initial: initial.subarray(2) })).toThrow(ShapeError);
    expect(declare({ ...mixture, normalizer: new Float64Array(3).fill(1) })).toThrow(ShapeError);
  });
});
