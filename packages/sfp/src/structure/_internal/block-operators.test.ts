import { createHmm, InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { semiFactoredProcess } from "../../arbitraries/semi-factored-processes.ts";
import { contextPersonas } from "../../families/context-personas.ts";
import { blockProcess } from "../blocks.ts";
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

  test("operators too large to be written out are read from steps of all blocks together", () => {
    const contexts = 8;
    const chain = Array.from({ length: contexts }, (_, from) =>
      Array.from({ length: contexts }, (__, to) => (from === to ? 0.3 : 0.1)),
    );
    const process = contextPersonas({ contexts, alpha: 0.5, chain });
    const refused = (): never => {
      throw new Error("asked for a whole operator");
    };
    const operators = blockOperators({ ...process, operator: refused });
    const scratch = new Float64Array(contexts);
    for (const [token, beta, context] of [
      [0, 0, 0],
      [5, 77, 2],
      [14, 255, 7],
      [15, 255, 7],
    ] as const) {
      const alone = Float64Array.from({ length: contexts }, (_, c) => (c + 1) / 36);
      const belief = new Float64Array(process.stateDim);
      belief.set(alone, beta * contexts);
      const next = new Float64Array(process.stateDim);
      const expected = process.step(belief, token, next);
      expect(expected).toBeGreaterThan(0.1 * ((context + 1) / 36) - 1e-12);
      expect(advanceBlock(operators, token, beta, alone, 0, scratch)).toBeCloseTo(expected, 14);
      alone.forEach((value, c) => void expect(value).toBeCloseTo(next[beta * contexts + c] ?? -1, 14));
    }
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

describe("initialBlocks", () => {
  test("has the weights of the blocks, which sum to one, and the beliefs inside them", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), fc.double({ min: 0.5, max: 2, noNaN: true }), (process, scale) => {
        const scaled = { ...process, initial: process.initial.map((value) => value * scale) };
        const { weights, beliefs } = initialBlocks("test", scaled);
        const { start } = blockOperators(process);
        process.partition.blocks.forEach(({ states }, beta) => {
          const share = states.reduce((sum, s) => sum + (process.initial[s] ?? 0), 0);
          expect(weights[beta]).toBeCloseTo(share, 12);
          const { initial } = blockProcess(process, beta);
          const inside = beliefs.subarray(start[beta], start[beta + 1]);
          inside.forEach((value, i) => void expect(value).toBeCloseTo(initial[i] ?? -1, 12));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("a block without weight has the belief zero, and a start without weight is refused", () => {
    const [process] = fc.sample(semiFactoredProcess(), { numRuns: 1, seed: 1 });
    if (process === undefined) throw new Error("no process");
    const { blockOf } = process.partition;
    const only = { ...process, initial: process.initial.map((value, s) => (blockOf[s] === 0 ? value : 0)) };
    const { weights, beliefs } = initialBlocks("test", only);
    expect(weights[0]).toBeCloseTo(1, 12);
    expect(weights.subarray(1).every((weight) => weight === 0)).toBe(true);
    expect(beliefs.subarray(blockOperators(only).start[1]).every((value) => value === 0)).toBe(true);
    const none = { ...process, initial: new Float64Array(process.stateDim) };
    expect(() => initialBlocks("owner", none)).toThrow(InvalidArgumentError);
    expect(() => initialBlocks("owner", none)).toThrow("owner: the initial state times the normalizer is 0");
    const broken = { ...process, initial: none.initial.slice().fill(Number.NaN) };
    expect(() => initialBlocks("owner", broken)).toThrow("belief[0] is NaN");
  });
});
