import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, redundantHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { fanizza } from "../processes/fanizza.ts";
import { mess3 } from "../processes/mess3.ts";
import { postQuantum } from "../processes/post-quantum.ts";
import { rrxor } from "../processes/rrxor.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { clock } from "./_testing/clock.ts";
import { keepFactors } from "./_testing/keep-factors.ts";
import { wordsUpTo } from "./_testing/words.ts";
import { hankelRank } from "./hankel-rank.ts";

/** Rank of the Hankel matrix over all words of up to `length` tokens, by definition. */
function rankByDefinition(process: Process, length: number): number {
  const words = wordsUpTo(process.alphabet.length, length);
  const entries = words.flatMap((h) => words.map((g) => wordProbability(process, [...h, ...g])));
  const { values } = singularValueDecomposition(entries, [words.length, words.length]);
  return values.filter((value) => value > 1e-9 * (values[0] ?? 0)).length;
}

describe("hankelRank", () => {
  // THEORY 1.2
  test("named processes", () => {
    expect(hankelRank(zeroOneRandom({ p: 0.5 }))).toBe(3);
    expect(hankelRank(rrxor({ p1: 0.5, p2: 0.5 }))).toBe(5);
    expect(hankelRank(mess3({ x: 0.15, a: 0.6 }))).toBe(3);
    expect(hankelRank(fanizza({ alpha: 2000, lambda: 0.49 }))).toBe(4);
    expect(hankelRank(tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 })))).toBe(9);
  });

  // The process of arXiv 2602.02385: three times three and two times three states, all of them needed (THEORY T13).
  test("the product of three Mess3 and two Bloch walks: 243, from the ranks of its factors", () => {
    const [classical, quantum] = [mess3({ x: 0.15, a: 0.6 }), tomQuantum({ alpha: 1, beta: 3 })];
    expect(hankelRank(quantum)).toBe(3);
    expect(hankelRank(postQuantum({ logAlpha: Math.log(2.7), beta: 0.5 }))).toBe(3);
    expect(hankelRank(tensorProduct(classical, classical, classical, quantum, quantum))).toBe(243);
  });

  test("is the rank of the Hankel matrix written out", () => {
    for (const process of [
      zeroOneRandom({ p: 0.5 }),
      rrxor({ p1: 0.5, p2: 0.5 }),
      fanizza({ alpha: 2000, lambda: 0.49 }),
    ]) {
      expect(rankByDefinition(process, 4)).toBe(hankelRank(process));
    }
  });

  test.prop([hmm({ maxTokens: 2, maxStates: 3 })], { numRuns: 20 })(
    "never below the rank of any submatrix",
    (process) => {
      expect(hankelRank(process)).toBeGreaterThanOrEqual(rankByDefinition(process, 2));
    },
  );

  test.prop([redundantHmm()], { numRuns: 40 })("a cloned state adds nothing (T5)", ({ hmm: process, redundant }) => {
    expect(hankelRank(redundant)).toBe(hankelRank(process));
  });

  test.prop([gaugeTransformed()], { numRuns: 40 })("does not depend on coordinates", ({ hmm: process, ghmm }) => {
    expect(hankelRank(ghmm)).toBe(hankelRank(process));
  });

  test.prop([fc.tuple(redundantHmm({ maxStates: 2 }), hmm({ maxStates: 3 }))], { numRuns: 20 })(
    "ranks of stationary factors multiply (T32)",
    ([{ redundant }, process]) => {
      const product = tensorProduct(redundant, process, process);
      expect(hankelRank(product)).toBe(hankelRank(redundant) * hankelRank(process) ** 2);
    },
  );

  // Two clocks of period two that start in phase: rank 2, not 4 (THEORY T32).
  test("ranks of factors with another start need not multiply", () => {
    expect(hankelRank(tensorProduct(clock, clock))).toBe(2);
    expect(hankelRank(keepFactors(clock, clock, clock))).toBe(2);
  });

  test("bad input", () => {
    expect(() => hankelRank(rrxor({ p1: 0.5, p2: 0.5 }), { tolerance: Number.NaN })).toThrow(InvalidArgumentError);
  });
});
