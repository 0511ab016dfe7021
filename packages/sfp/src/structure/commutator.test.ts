import { createGhmm, createHmm, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { blockPartition } from "../arbitraries/partitions.ts";
import { commutatorDefect, partitionDefect } from "./commutator.ts";

/** Diagonal coordinate projector, row-major. */
function coordinateProjector(stateDim: number, states: readonly number[]): Float64Array {
  const projector = new Float64Array(stateDim * stateDim);
  for (const s of states) projector[s * stateDim + s] = 1;
  return projector;
}

describe("commutatorDefect", () => {
  test("the defect of a partition is the largest commutator of its block projectors", () => {
    fc.assert(
      fc.property(blockPartition(), fc.nat(1000), fc.constantFrom(0, 1e-3), (blocks, seed, leak) => {
        const process = blockDiagonalHmm(blocks, 2, seed, leak);
        const direct = blocks.blocks.map(
          ({ states }) => commutatorDefect(process, coordinateProjector(process.stateDim, states)).defect,
        );
        expect(partitionDefect("test", process, blocks).defect).toBe(Math.max(...direct));
        expect(partitionDefect("test", process, blocks).defect).toBe(leak);
      }),
    );
  });

  test("T16: in an HMM a coordinate block conserved by the net operator is conserved by every token", () => {
    fc.assert(
      fc.property(blockPartition(), fc.nat(1000), fc.constantFrom(0, 1e-3), (blocks, seed, leak) => {
        const process = blockDiagonalHmm(blocks, 3, seed, leak);
        const { stateDim } = process;
        const conserved = blocks.blocks.every((_, beta) => {
          for (let row = 0; row < stateDim; row++) {
            let weight = 0;
            process.alphabet.forEach((_name, token) => {
              const operator = process.operator(token);
              for (let s = 0; s < stateDim; s++)
                weight += blocks.blockOf[s] === beta ? (operator[row * stateDim + s] ?? 0) : 0;
            });
            if (Math.abs(weight - (blocks.blockOf[row] === beta ? 1 : 0)) > 1e-9) return false;
          }
          return true;
        });
        expect(conserved).toBe(partitionDefect("test", process, blocks).defect < 1e-9);
      }),
    );
  });

  test("T16 fails for an oblique projector: conserved by the net operator, not by the tokens", () => {
    const operators = [
      [
        [0.2, 0],
        [0, 0.5],
      ],
      [
        [0.8, 0],
        [0, 0.5],
      ],
    ];
    const process = createHmm({ operators, initial: [0.5, 0.5] });
    const oblique = [1, 0, 0.5, 0]; // P P = P, and T P w = P w because T is the identity
    const { defect, row, column } = commutatorDefect(process, oblique);
    expect(defect).toBeCloseTo(0.15, 14); // half of the difference of the coins, 0.3
    expect([row, column]).toEqual([1, 0]);
  });

  test("is zero for the identity and for a process of one state", () => {
    const process = createGhmm({ operators: [[[0.4]], [[0.6]]] });
    expect(commutatorDefect(process, [1]).defect).toBe(0);
    expect(() => commutatorDefect(process, [1, 0])).toThrow(ShapeError);
  });

  test("a projector that is not finite has no defect to report", () => {
    const process = createGhmm({ operators: [[[0.4]], [[0.6]]] });
    expect(() => commutatorDefect(process, [Number.NaN])).toThrow("commutatorDefect: projector[0] is NaN");
  });

  test("a matrix that is no projector is refused with the entry that shows it, an oblique projector is not", () => {
    const process = createHmm({
      operators: [
        [
          [0.2, 0],
          [0, 0.8],
        ],
        [
          [0.8, 0],
          [0, 0.2],
        ],
      ],
      initial: [0.5, 0.5],
    });
    expect(() => commutatorDefect(process, [2, 0, 0, 0])).toThrow(InvalidArgumentError);
    expect(() => commutatorDefect(process, [2, 0, 0, 0])).toThrow("entry [0, 0] is 2, and 4 in its square");
    expect(() => commutatorDefect(process, [1, 0.5, 0.5, 0])).toThrow("the projector is not idempotent");
    expect(commutatorDefect(process, [1, 0, 1e6, 0]).defect).toBeCloseTo(0.6e6, 3);
  });

  test("an operator that is not finite has no defect of 0", () => {
    const process = createHmm({ operators: [[[1, 0], [0, 1]]], initial: [0.5, 0.5] }); // biome-ignore format: one matrix
    const broken = { ...process, operator: () => Float64Array.of(1, Number.NaN, 0, 1) };
    expect(() => commutatorDefect(broken, [1, 0, 0, 0])).toThrow(
      'entry [0, 1] of the operator of token 0 ("0") is NaN',
    );
    const short = { ...process, operator: () => Float64Array.of(1, 0) };
    expect(() => commutatorDefect(short, [1, 0, 0, 0])).toThrow(ShapeError);
  });
});
