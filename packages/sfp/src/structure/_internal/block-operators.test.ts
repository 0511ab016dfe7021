import { createHmm } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { filterBlocks } from "../filter-blocks.ts";
import { semiFactored } from "../semi-factored.ts";
import { tensorStructure } from "../tensor-structure.ts";
import { advanceBlock, blockOperators, initialBlocks } from "./block-operators.ts";

describe("blockOperators", () => {
  test("a step of each block is the operator of the process between the block's states", () => {
    fc.assert(
      fc.property(semiFactoredProcess({ maxTokens: 2 }), (process) => {
        const operators = blockOperators(process);
        expect(blockOperators(process)).toBe(operators);
        const { beliefs } = initialBlocks("test", process);
        const scratch = new Float64Array(process.stateDim);
        process.partition.blocks.forEach(({ states }, beta) => {
          const from = operators.start[beta] ?? 0;
          expect(Array.from(operators.order.subarray(from, operators.start[beta + 1]))).toEqual(states);
          process.alphabet.forEach((_, token) => {
            const operator = process.operator(token);
            const moved = beliefs.slice();
            const probability = advanceBlock(operators, token, beta, moved, from, scratch);
            const image = states.map((to) =>
              states.reduce(
                (sum, s, i) => sum + (beliefs[from + i] ?? 0) * (operator[s * process.stateDim + to] ?? 0),
                0,
              ),
            );
            expect(probability).toBeCloseTo(
              image.reduce((sum, value) => sum + value, 0),
              12,
            );
            if (probability === 0) expect(moved).toEqual(beliefs);
            else image.forEach((value, i) => void expect(moved[from + i]).toBeCloseTo(value / probability, 12));
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  test("probabilities of any size: the logarithms of the weights stay finite, and one below full precision is zero", () => {
    const structure = tensorStructure({
      factors: [
        { name: "coin", dimension: 2 },
        { name: "nothing", dimension: 1 },
      ],
    });
    const coins = (p: number) => {
      const [zero, one] = [p, 1 - p];
      const process = createHmm({ operators: [[[zero, 0], [0, 0.5]], [[one, 0], [0, 0.5]]], initial: [0.5, 0.5] }); // biome-ignore format: two matrices
      return semiFactored({ process, structure, blocks: "sectors" });
    };
    const batch = { tokens: [0, 0, 0, 0, 1], count: 1, length: 5 };
    const { logWeights, probabilities } = filterBlocks(coins(1e-200), batch, { withLogWeights: true });
    expect(Math.abs((logWeights[10] ?? 0) / (4 * Math.log(2e-200) + Math.log(2)) - 1)).toBeLessThan(1e-12);
    expect(probabilities[4]).toBe(0.5);
    const gone = filterBlocks(coins(5e-324), batch, { withLogWeights: true, withBeliefs: true });
    expect(Array.from(gone.weights.subarray(8))).toEqual([0, 1, 0, 1]);
    expect(gone.logWeights[10]).toBe(Number.NEGATIVE_INFINITY);
    expect(gone.beliefs.every(Number.isFinite)).toBe(true);
  });
});
