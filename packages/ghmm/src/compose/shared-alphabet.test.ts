import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { OwnProcess } from "../process/_testing/own-process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { coneProcess, expectLaw } from "./_testing/brute-force.ts";
import { sharedAlphabet } from "./shared-alphabet.ts";

const chance = fc.double({ min: 0.01, max: 0.99, noNaN: true });
/** Two states that every token mixes in its own way. */
const memory = (tokens: number) =>
  fc.array(fc.tuple(chance, chance), { minLength: tokens, maxLength: tokens }).map((rows) => ({
    operators: rows.map(([p, q]) => [
      [p, 1 - p],
      [q, 1 - q],
    ]),
    initial: [0.25, 0.75],
  }));
const driven = hmm({ maxStates: 3, maxTokens: 3, stationary: false }).chain((process) =>
  fc.record({ process: fc.constant(process), memory: memory(process.alphabet.length) }),
);

describe("sharedAlphabet", () => {
  test.prop([driven], { numRuns: 30 })("a memory changes no word", ({ process, memory: second }) => {
    const joint = sharedAlphabet(process, second);
    expect([joint.certificate.kind, joint.stateDim]).toEqual(["hmm", 2 * process.stateDim]);
    expect(joint.alphabet).toEqual(process.alphabet);
    expectLaw(joint, 3, (word) => wordProbability(process, word));
  });

  test.prop([driven], { numRuns: 30 })("its state is driven by the tokens alone", ({ process, memory: second }) => {
    const word = [0, process.alphabet.length - 1, 0];
    let state = second.initial;
    for (const token of word) {
      const rows = second.operators[token] ?? [];
      state = [0, 1].map((next) => state.reduce((sum, p, s) => sum + p * (rows[s]?.[next] ?? 0), 0));
    }
    const belief = beliefState(sharedAlphabet(process, second), word);
    state.forEach((p, next) => {
      expect(belief.reduce((sum, value, s) => sum + (s % 2 === next ? value : 0), 0)).toBeCloseTo(p, 12);
    });
  });

  test("two processes that emit the same sure token", () => {
    expect(sharedAlphabet(coin({ p: 1 }), coin({ p: 1 })).certificate.kind).toBe("hmm");
  });

  test("certificates of the process carry over to the joint one", () => {
    const second = {
      operators: [0, 1, 2].map(() => [
        [0.5, 0.5],
        [0, 1],
      ]),
      initial: [1, 0],
    };
    expect(sharedAlphabet(coneProcess(), second).certificate).toMatchObject({ kind: "cone", rays: { length: 6 } });
  });

  test.prop([gaugeTransformed({ maxStates: 2, maxTokens: 2 })], { numRuns: 10 })(
    "signed factors",
    ({ ghmm, hmm: process }) => {
      const second = {
        operators: ghmm.alphabet.map(() => [
          [1.1, -0.1],
          [0.5, 0.5],
        ]),
        initial: [1, 0],
      };
      const joint = sharedAlphabet(ghmm, second);
      expect(joint.certificate.kind).toBe("unchecked");
      expectLaw(joint, 2, (word) => wordProbability(process, word), 1e-9);
    },
  );

  test("a process of one's own may have a field called operators", () => {
    const own = Object.assign(new OwnProcess(coin({ p: 0.7 })), { operators: "of its own kind" });
    const parity = {
      operators: [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [0, 1],
          [1, 0],
        ],
      ],
      initial: [1, 0],
    };
    expect(wordProbability(sharedAlphabet(own, parity), [1, 1])).toBeCloseTo(0.09, 14);
  });

  // Two fair coins agree half of the time: sum_x P(x) P(x) = 1/2.
  test("two processes that both choose are refused, with the defect", () => {
    expect(() => sharedAlphabet(coin({ p: 0.5 }), coin({ p: 0.5 }))).toThrow(NotNormalizedError);
    expect(() => sharedAlphabet(coin({ p: 0.5 }), coin({ p: 0.5 }))).toThrow("the defect is 0.5");
  });

  test("bad input", () => {
    const process = coin({ p: 0.5 });
    expect(() => sharedAlphabet(process, mess3({ x: 0.15, a: 0.6 }))).toThrow(ShapeError);
    expect(() => sharedAlphabet(process, { operators: [], initial: [] })).toThrow(ShapeError);
    const flip = [
      [
        [0, 1],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ];
    expect(() => sharedAlphabet(process, { operators: flip, initial: [1, 1] })).toThrow(NotNormalizedError);
    expect(() => sharedAlphabet(process, { operators: flip, initial: [1, Number.NaN] })).toThrow(InvalidArgumentError);
    expect(() => sharedAlphabet(process, { operators: flip, initial: [1, 0], normalizer: [1] })).toThrow(ShapeError);
    expect(() => sharedAlphabet({ ...process, stateDim: 2 ** 14 }, process)).toThrow(UnsupportedError);
  });
});
