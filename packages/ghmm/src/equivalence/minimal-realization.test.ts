import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, redundantHmm, word } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { createGhmm, createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { wordsUpTo } from "./_testing/words.ts";
import { minimalRealization } from "./minimal-realization.ts";

const identity = (d: number): Float64Array =>
  Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));

const redundantAndWord = redundantHmm({ maxStates: 3 }).chain((pair) =>
  word(pair.hmm, 5).map((tokens) => ({ ...pair, tokens })),
);

function expectSameWords(a: Process, b: Process, length: number): void {
  for (const tokens of wordsUpTo(a.alphabet.length, length)) {
    expect(Math.abs(wordProbability(a, tokens) - wordProbability(b, tokens))).toBeLessThan(1e-10);
  }
}

describe("minimalRealization", () => {
  test.prop([redundantAndWord])("merges clones: same words, beliefs times the map", ({ redundant, tokens }) => {
    const { process, rank, map, residual } = minimalRealization(redundant);
    expect(rank).toBeLessThan(redundant.stateDim);
    expect(residual).toBeLessThan(1e-9);
    expect(Math.abs(wordProbability(process, tokens) - wordProbability(redundant, tokens))).toBeLessThan(1e-9);
    const mapped = new Float64Array(rank);
    vectorTimesMatrix(beliefState(redundant, tokens), map, rank, mapped);
    beliefState(process, tokens).forEach((value, s) => {
      expect(Math.abs(value - (mapped[s] ?? 0))).toBeLessThan(1e-7);
    });
  });

  test.prop([hmm({ maxStates: 3, maxTokens: 2, stationary: false })])("is minimal and stays it", (process) => {
    const { process: once, rank } = minimalRealization(process);
    const again = minimalRealization(once);
    expect(again.rank).toBe(rank);
    expect(again.process).toBe(once);
    expect(again.map).toEqual(identity(rank));
  });

  test("a minimal process comes back as it is", () => {
    const process = rrxor({ p1: 0.5, p2: 0.5 });
    expect(minimalRealization(process)).toEqual({ process, rank: 5, map: identity(5), residual: 0 });
  });

  test.prop([redundantHmm({ maxStates: 3 })])(
    "an HMM with cloned states becomes an HMM",
    ({ hmm: process, redundant }) => {
      fc.pre(minimalRealization(process).rank === process.stateDim);
      const minimal = minimalRealization(redundant).process;
      expect(["hmm", "cone"]).toContain(minimal.certificate.kind);
      if (minimal.certificate.kind === "hmm") {
        const all = minimal.alphabet.flatMap((_, token) => Array.from(minimal.operator(token)));
        expect(all.every((value) => value >= 0)).toBe(true);
      }
    },
  );

  test("unreachable states are dropped and leave an HMM", () => {
    const process = createHmm({
      operators: [
        [
          [0.2, 0.3, 0],
          [0, 0.7, 0],
          [0.1, 0.1, 0.1],
        ],
        [
          [0.5, 0, 0],
          [0.1, 0.2, 0],
          [0, 0.3, 0.4],
        ],
      ],
      initial: [1, 0, 0],
    });
    const { process: minimal, map, rank } = minimalRealization(process);
    expect([rank, minimal.certificate.kind]).toEqual([2, "hmm"]);
    expect(Array.from(map)).toEqual([1, 0, 0, 1, 0, 0]);
    expectSameWords(process, minimal, 5);
  });

  test("what no future tells apart but is no HMM of that size keeps a cone", () => {
    // Four static coins of bias 0.2, 0.4, 0.6, 0.8 that are tossed once; afterwards every toss is fair.
    const biases = [0.2, 0.4, 0.6, 0.8];
    const toss = (p: (b: number) => number) => [...biases.map((b) => [0, 0, 0, 0, p(b)]), [0, 0, 0, 0, 0.5]];
    const process = createHmm({ operators: [toss((b) => b), toss((b) => 1 - b)], initial: [0.1, 0.2, 0.3, 0.4, 0] });
    const { process: minimal, rank } = minimalRealization(process);
    expect(rank).toBe(2); // one number, the expected bias, is all that matters
    expect(minimal.certificate).toMatchObject({ kind: "cone", rays: { length: 5 } });
    expectSameWords(process, minimal, 4);
  });

  test("beliefs that span too little leave an unchecked process with the same words", () => {
    // States 1 and 2 are always equally likely, but differ in what they emit next.
    const process = createHmm({
      operators: [
        [
          [0.2, 0.2, 0.2],
          [0.5, 0, 0],
          [0.1, 0, 0],
        ],
        [
          [0, 0.2, 0.2],
          [0.5, 0, 0],
          [0.9, 0, 0],
        ],
      ],
      initial: [1, 0, 0],
    });
    const { process: minimal, rank } = minimalRealization(process);
    expect([rank, minimal.certificate.kind]).toEqual([2, "unchecked"]);
    expectSameWords(process, minimal, 6);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })])("rays of a cone are mapped", ({ hmm: process }) => {
    const d = process.stateDim;
    const scaled = changeBasis(
      createGhmm({
        operators: process.alphabet.map((_, x) =>
          Array.from({ length: d }, (_, s) =>
            Array.from({ length: d }, (_, next) => ((process.operator(x)[s * d + next] ?? 0) * (s + 1)) / (next + 1)),
          ),
        ),
        initial: process.initial.map((value, s) => value / (s + 1)),
        normalizer: Array.from({ length: d }, (_, s) => s + 1),
      }),
      Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 2 : 0.3))),
    );
    const { process: minimal, rank } = minimalRealization(scaled);
    expect(rank).toBe(minimalRealization(process).rank);
    if (minimal.certificate.kind !== "cone") return;
    for (const ray of minimal.certificate.rays) expect(dot(ray, minimal.normalizer)).toBeGreaterThan(-1e-12);
  });

  test("bad input", () => {
    expect(() => minimalRealization(mess3({ x: 0.15, a: 0.6 }), { tolerance: 2 })).toThrow(InvalidArgumentError);
  });
});
