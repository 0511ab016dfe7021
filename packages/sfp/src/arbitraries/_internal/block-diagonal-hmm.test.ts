import { createHmm } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Partition } from "../../structure/partition.ts";
import { blockPartition } from "../partitions.ts";
import { blockDiagonalHmm } from "./block-diagonal-hmm.ts";

/** Entries `[from, to, value]` of all operators, by token. */
function entriesOf(blocks: Partition, tokens: number, seed: number, leak?: number) {
  const process = blockDiagonalHmm(blocks, tokens, seed, leak);
  const { stateDim } = process;
  return process.alphabet.map((_, token) =>
    Array.from(process.operator(token), (value, i) => ({ from: Math.floor(i / stateDim), to: i % stateDim, value })),
  );
}

describe("blockDiagonalHmm", () => {
  const tokens = fc.integer({ min: 1, max: 3 });
  const seeds = fc.nat(10_000);

  test("an entry is positive inside a block and zero between two, and a row sums to one over tokens", () => {
    fc.assert(
      fc.property(blockPartition(), tokens, seeds, (blocks, count, seed) => {
        const { blockOf } = blocks;
        const operators = entriesOf(blocks, count, seed);
        expect(operators.length).toBe(count);
        const rows = new Float64Array(blockOf.length);
        for (const { from, to, value } of operators.flat()) {
          expect(value > 0).toBe(blockOf[from] === blockOf[to]);
          rows[from] = (rows[from] ?? 0) + value;
        }
        for (const total of rows) expect(total).toBeCloseTo(1, 12);
      }),
      { numRuns: 50 },
    );
  });

  test("the start is a law in which every state has weight, and the whole is an HMM", () => {
    fc.assert(
      fc.property(blockPartition(), tokens, seeds, (blocks, count, seed) => {
        const process = blockDiagonalHmm(blocks, count, seed);
        expect(process.certificate.kind).toBe("hmm");
        expect(process.initial.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        expect(process.initial.every((value) => value > 0)).toBe(true);
        const operators = process.alphabet.map((_, token) =>
          Array.from({ length: process.stateDim }, (__, s) =>
            Array.from(process.operator(token).subarray(s * process.stateDim, (s + 1) * process.stateDim)),
          ),
        );
        expect(() => createHmm({ operators, initial: Array.from(process.initial) })).not.toThrow();
      }),
      { numRuns: 20 },
    );
  });

  test("a leak moves that much of the first row to another block, and nothing else", () => {
    fc.assert(
      fc.property(blockPartition(), tokens, seeds, (blocks, count, seed) => {
        const leak = 1e-4;
        const [closed, leaky] = [entriesOf(blocks, count, seed).flat(), entriesOf(blocks, count, seed, leak).flat()];
        const moved = leaky
          .map(({ from, to, value }, i) => ({ from, to, by: value - (closed[i]?.value ?? Number.NaN) }))
          .filter(({ by }) => by !== 0);
        expect(moved.length).toBe(2);
        expect(moved.every(({ from }) => from === 0)).toBe(true);
        for (const { to, by } of moved)
          expect(by).toBeCloseTo(blocks.blockOf[to] === blocks.blockOf[0] ? -leak : leak, 12);
        expect(new Set(moved.map(({ to }) => blocks.blockOf[to] === blocks.blockOf[0])).size).toBe(2);
      }),
      { numRuns: 50 },
    );
  });

  test("is a function of its seed, and rows are drawn independently", () => {
    const [blocks] = fc.sample(blockPartition(), { numRuns: 1, seed: 2 });
    if (blocks === undefined) throw new Error("no partition");
    expect(entriesOf(blocks, 2, 5)).toEqual(entriesOf(blocks, 2, 5));
    expect(entriesOf(blocks, 2, 5)).not.toEqual(entriesOf(blocks, 2, 6));
    const whole = { ...blocks, blockOf: blocks.blockOf.slice().fill(0) };
    const [operator = []] = entriesOf(whole, 1, 5);
    const rows = new Set(operator.map(({ value }) => value));
    expect(rows.size).toBe(operator.length);
  });
});
