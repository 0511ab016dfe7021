import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { eigenvalues } from "../numeric/eigenvalues.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { netOperator } from "../process/validate.ts";
import { postQuantum } from "./post-quantum.ts";

const golden = postQuantum({ logAlpha: Math.log(2.7), beta: 0.5 });
const net = (process: Process) => netOperator([0, 1, 2].map(process.operator), 3);
const logAlpha = fc.double({ min: 0.05, max: 4, noNaN: true });
const beta = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe("postQuantum", () => {
  // GOLDENS 9 (recomputed): there w sums to 3 and pi to 1. A state of ours is one of theirs times a constant.
  test("golden 9: normalizer and stationary state", () => {
    const sum = (vector: Float64Array) => vector.reduce((total, value) => total + value, 0);
    const [w, pi] = [golden.normalizer, golden.initial];
    [2.155059566701, 0.724652629215, 0.120287804084].forEach((value, s) => {
      expect((3 * (w[s] ?? 0)) / sum(w)).toBeCloseTo(value, 11);
    });
    [3.680927177374, -1.443191757783, -1.237735419591].forEach((value, s) => {
      expect((pi[s] ?? 0) / sum(pi)).toBeCloseTo(value, 11);
    });
  });

  // GOLDENS 27 (recomputed)
  test("golden 27: words, belief, and how many words are possible", () => {
    expect(wordProbability(golden, [0])).toBeCloseTo(0.11426284645, 11);
    expect(wordProbability(golden, [1])).toBeCloseTo(0.75348289677, 11);
    expect(wordProbability(golden, [2])).toBeCloseTo(0.13225425678, 11);
    expect(wordProbability(golden, [2, 2, 2, 2])).toBeCloseTo(0.001262013348, 12);
    // the golden's scale: w sums to 3
    const scale = 3 / golden.normalizer.reduce((total, value) => total + value, 0);
    [0.5463, -0.214189, -0.183697].forEach((value, s) => {
      expect((beliefState(golden, [])[s] ?? 0) / scale).toBeCloseTo(value, 5);
    });
    const words = (length: number): number[][] =>
      length === 0 ? [[]] : words(length - 1).flatMap((word) => [0, 1, 2].map((token) => [...word, token]));
    const possible = [0, 1, 2, 3, 4].map(
      (length) => words(length).filter((word) => wordProbability(golden, word) > 1e-6).length,
    );
    expect(possible).toEqual([1, 3, 8, 22, 60]);
  });

  test.prop([logAlpha, beta])("1 is the spectral radius of the net operator, and w and pi belong to it", (l, b) => {
    const process = postQuantum({ logAlpha: l, beta: b });
    const { real, imaginary } = eigenvalues(net(process), 3);
    expect(Math.hypot(real[0] ?? 0, imaginary[0] ?? 0)).toBeCloseTo(1, 9);
    expect(process.normalizer[1]).toBe(1);
    expect(dot(process.initial, process.normalizer)).toBeCloseTo(1, 12);
  });

  test.prop([
    logAlpha,
    beta,
    fc.array(fc.constantFrom(1, 2), { maxLength: 6 }),
    fc.array(fc.constantFrom(1, 2), { maxLength: 6 }),
  ])(
    "token 0 resets the state, and the order of dilations between two resets does not matter",
    (l, b, past, future) => {
      const process = postQuantum({ logAlpha: l, beta: b });
      const [plain, reset] = [beliefState(process, [1, 0]), beliefState(process, [...past, 1, 0])];
      plain.forEach((value, s) => {
        expect(reset[s]).toBeCloseTo(value, 6);
      });
      const there = wordProbability(process, [...future, 0]);
      expect(wordProbability(process, [...future.toReversed(), 0])).toBeCloseTo(there, 10);
    },
  );

  test("the sum of alpha and beta is not 2", () => {
    const sum = { logAlpha: Math.log(1.5), beta: 2 - Math.exp(Math.log(1.5)) };
    expect(() => postQuantum(sum)).toThrow(InvalidArgumentError);
    expect(() => postQuantum(sum)).toThrow("alpha + beta is 2");
  });

  test("extreme parameters give finite numbers", () => {
    for (const [l, b] of [
      [1e-300, 1e-300],
      [20, 1e-300],
      [20, 1 - 1e-16],
      [1e-12, 0.5],
    ] as const) {
      const process = postQuantum({ logAlpha: l, beta: b });
      expect([...process.initial, ...process.normalizer].every(Number.isFinite)).toBe(true);
    }
  });
});
