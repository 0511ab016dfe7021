import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, redundantHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import { OwnProcess } from "../process/_testing/own-process.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { withStorage } from "../process/with-storage.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { wordsUpTo } from "./_testing/words.ts";
import { areEquivalent } from "./equivalent.ts";
import { minimalRealization } from "./minimal-realization.ts";

function asEqual(first: Process, second: Process) {
  const result = areEquivalent(first, second);
  if (!result.equivalent) throw new Error(`told apart by [${result.word.join(", ")}]`);
  return result;
}

function asDifferent(first: Process, second: Process) {
  const result = areEquivalent(first, second);
  if (result.equivalent) throw new Error("not told apart");
  return result;
}

/** The first word with two probabilities, by enumeration. */
const firstWord = (first: Process, second: Process, length: number) =>
  wordsUpTo(first.alphabet.length, length).find(
    (word) => Math.abs(wordProbability(first, word) - wordProbability(second, word)) > 1e-9,
  );

/** Moves `amount` of the first operator's first entry to the last operator's last entry of the same row. */
function perturbed(process: Process, amount: number): Process {
  const d = process.stateDim;
  const operators = process.alphabet.map((_, x) =>
    Array.from({ length: d }, (_, s) => process.operator(x).slice(s * d, (s + 1) * d)),
  );
  const [from, to] = [operators[0]?.[0], operators[operators.length - 1]?.[0]];
  if (from === undefined || to === undefined) return process;
  const moved = (from[0] ?? 0) * amount;
  from[0] = (from[0] ?? 0) - moved;
  to[d - 1] = (to[d - 1] ?? 0) + moved;
  return createHmm({ operators, initial: process.initial });
}

describe("areEquivalent (T5)", () => {
  test.prop([gaugeTransformed()], { numRuns: 40 })(
    "recovers a change of basis",
    ({ hmm: process, ghmm, basis, condition }) => {
      fc.pre(minimalRealization(process).rank === process.stateDim);
      const { intertwiner, residual } = asEqual(ghmm, process);
      const d = process.stateDim;
      // S is as well determined as the observability of the process allows; the equations that define it hold in any case.
      expect(residual).toBeLessThan(1e-7 * condition);
      const own = new Float64Array(d);
      vectorTimesMatrix(ghmm.initial, intertwiner, d, own);
      own.forEach((value, s) => {
        expect(Math.abs(value - (process.initial[s] ?? 0))).toBeLessThan(1e-6);
        basis[s]?.forEach((entry, j) => {
          expect(Math.abs((intertwiner[s * d + j] ?? 0) - entry)).toBeLessThan(1e-4);
        });
      });
    },
  );

  test("the basis to twelve digits where the process is well conditioned", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const { intertwiner } = asEqual(process, process);
    intertwiner.forEach((value, i) => {
      expect(value).toBeCloseTo(i % 4 === 0 ? 1 : 0, 12);
    });
  });

  test.prop([redundantHmm({ maxStates: 3 })])(
    "redundant presentations, beliefs mapped",
    ({ hmm: process, redundant }) => {
      const { first, second, intertwiner } = asEqual(redundant, process);
      const rank = first.rank;
      const image = (belief: Float64Array, map: Float64Array) => {
        const out = new Float64Array(rank);
        vectorTimesMatrix(belief, map, rank, out);
        return out;
      };
      const one = image(beliefState(redundant, [0, 0]), multiply(first.map, intertwiner, rank));
      image(beliefState(process, [0, 0]), second.map).forEach((value, s) => {
        expect(Math.abs(value - (one[s] ?? 0))).toBeLessThan(1e-6);
      });
    },
  );

  test.prop([hmm({ maxStates: 3, maxTokens: 2 }), hmm({ maxStates: 3, maxTokens: 2 })], { numRuns: 40 })(
    "random pairs are told apart by the first word that enumeration finds",
    (first, second) => {
      fc.pre(first.alphabet.length === second.alphabet.length && first.alphabet.length > 1);
      const { word, probabilities } = asDifferent(first, second);
      expect(word).toEqual(firstWord(first, second, 3));
      expect(probabilities[0]).toBeCloseTo(wordProbability(first, word), 13);
      expect(probabilities[1]).toBeCloseTo(wordProbability(second, word), 13);
    },
  );

  test.prop([hmm({ maxTokens: 2 }), fc.double({ min: 1e-6, max: 0.5, noNaN: true })])(
    "perturbed processes are told apart",
    (process, amount) => {
      fc.pre(process.alphabet.length > 1);
      const { word, probabilities } = asDifferent(process, perturbed(process, amount));
      expect(word.length).toBeLessThan(2 * process.stateDim);
      expect(probabilities[0]).not.toBe(probabilities[1]);
    },
  );

  test("a difference below the tolerance is none", () => {
    const process = zeroOneRandom({ p: 0.5 });
    expect(areEquivalent(process, zeroOneRandom({ p: 0.5 + 1e-13 })).equivalent).toBe(true);
    expect(areEquivalent(process, zeroOneRandom({ p: 0.5 + 1e-7 })).equivalent).toBe(false);
    expect(areEquivalent(process, zeroOneRandom({ p: 0.5 + 1e-7 }), { tolerance: 1e-5 }).equivalent).toBe(true);
  });

  test("a difference that shows only in long words", () => {
    // Both count to four; one of them then emits 1 with probability 0.5, the other with 0.6.
    const counter = (p: number) =>
      createHmm({
        operators: [
          [
            [0, 1, 0, 0],
            [0, 0, 1, 0],
            [0, 0, 0, 1],
            [1 - p, 0, 0, 0],
          ],
          [
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [p, 0, 0, 0],
          ],
        ],
        initial: [1, 0, 0, 0],
      });
    expect(asDifferent(counter(0.5), counter(0.6))).toMatchObject({ word: [0, 0, 0, 0], probabilities: [0.5, 0.4] });
  });

  test("rare words: their probabilities are given below the threshold of the impossible", () => {
    const rare = (p: number) => createHmm({ operators: [[[1 - p]], [[p]]], initial: [1] });
    const { word, probabilities } = asDifferent(rare(1e-14), rare(3e-14));
    expect(word).toEqual([1]);
    expect(probabilities).toEqual([1e-14, 3e-14]);
  });

  test("products with and without their factors, and processes of other sizes", () => {
    const product = tensorProduct(mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.1, a: 0.7 }), zeroOneRandom({ p: 0.5 }));
    expect(areEquivalent(product, withStorage(product, "dense")).equivalent).toBe(true);
    expect(asDifferent(rrxor({ p1: 0.5, p2: 0.5 }), coin({ p: 0.5 })).word).toEqual([0, 0, 0]);
  });

  test("products of processes of one's own, with their methods on a prototype", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const own = tensorProduct(new OwnProcess(factor), new OwnProcess(factor), new OwnProcess(factor));
    expect(own.storage?.kind).toBe("kronecker");
    expect(areEquivalent(own, tensorProduct(factor, factor, factor)).equivalent).toBe(true);
  });

  test("bad input", () => {
    const three = mess3({ x: 0.15, a: 0.6 });
    expect(() => areEquivalent(three, coin({ p: 0.5 }))).toThrow(
      'areEquivalent: token 2 is "2" in the first process and undefined in the second',
    );
    const named = createHmm({ operators: [[[0.5]], [[0.5]]], alphabet: ["heads", "tails"] });
    expect(() => areEquivalent(named, coin({ p: 0.5 }))).toThrow(InvalidArgumentError);
    expect(() => areEquivalent(named, named, { tolerance: 0 })).toThrow(InvalidArgumentError);
  });
});
