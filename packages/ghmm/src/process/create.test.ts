import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { nextTokenDistribution, updateBelief } from "../belief/update.ts";
import {
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  NotNormalizedError,
  ShapeError,
} from "../numeric/errors.ts";
import { createGhmm, createHmm, type HmmDefinition } from "./create.ts";
import type { Process } from "./process.ts";

const VALID = [
  [
    [0.5, 0.2],
    [0.1, 0.4],
  ],
  [
    [0.1, 0.2],
    [0.3, 0.2],
  ],
];

/** `VALID` with one entry replaced. */
function replaced(x: number, s: number, next: number, value: number): number[][][] {
  return VALID.map((operator, i) =>
    operator.map((row, j) => row.map((old, k) => (i === x && j === s && k === next ? value : old))),
  );
}

const nested = (process: Process): number[][][] =>
  process.alphabet.map((_, x) => {
    const flat = process.operator(x);
    return Array.from({ length: process.stateDim }, (_, s) =>
      Array.from(flat.subarray(s * process.stateDim, (s + 1) * process.stateDim)),
    );
  });

describe("createHmm", () => {
  test("keeps what it was given", () => {
    const process = createHmm({ operators: VALID, initial: [0.25, 0.75], alphabet: ["a", "b"] });
    expect(process.alphabet).toEqual(["a", "b"]);
    expect(process.stateDim).toBe(2);
    expect(process.certificate.kind).toBe("hmm");
    expect(Array.from(process.initial)).toEqual([0.25, 0.75]);
    expect(Array.from(process.normalizer)).toEqual([1, 1]);
    expect(nested(process)).toEqual(VALID);
  });

  test("copies its input and hands out copies", () => {
    const operators = VALID.map((operator) => operator.map((row) => [...row]));
    const process = createHmm({ operators });
    operators[0] = [
      [0, 0],
      [0, 0],
    ];
    process.operator(0).fill(9);
    expect(nested(process)).toEqual(VALID);
  });

  test("names the tokens 0, 1, ... and starts in the stationary state", () => {
    const process = createHmm({ operators: VALID });
    expect(process.alphabet).toEqual(["0", "1"]);
    // T = [[.6, .4], [.4, .6]]
    expect(process.initial[0]).toBeCloseTo(0.5, 13);
  });

  test("accepts typed-array rows", () => {
    const process = createHmm({ operators: [[Float64Array.of(0.5)], [Float32Array.of(0.5)]] });
    expect(wordProbability(process, [0, 1])).toBe(0.25);
  });

  test("several closed blocks have no default initial state", () => {
    const operators = [
      [
        [0.5, 0],
        [0, 0.9],
      ],
      [
        [0.5, 0],
        [0, 0.1],
      ],
    ];
    expect(() => createHmm({ operators })).toThrow(NonUniqueStationaryStateError);
    expect(() => createHmm({ operators })).toThrow("space of dimension 2. Pass initial");
    expect(createHmm({ operators, initial: [0.3, 0.7] }).initial[1]).toBe(0.7);
  });

  test("rows that are accepted have a default initial state, whatever their rounding", () => {
    const third = [0.333333333, 0.333333333, 0.333333333];
    createHmm({ operators: [[third, third, third]] }).initial.forEach((value) => {
      expect(value).toBeCloseTo(1 / 3, 8);
    });
    const off = 9e-10;
    const rounded = createHmm({
      operators: [
        [
          [0.5 + off, 0.5],
          [0.25, 0.75 + off],
        ],
      ],
    });
    expect(rounded.initial[0]).toBeCloseTo(1 / 3, 8);
  });

  test("what a caller writes into a process does not change its step", () => {
    const process = createHmm({ operators: VALID });
    process.normalizer.fill(7);
    expect(process.step([1, 0], 0, new Float64Array(2))).toBeCloseTo(0.7, 15);
  });

  type ErrorClass = new (...args: never[]) => Error;
  const cases: readonly (readonly [string, HmmDefinition, ErrorClass, string])[] = [
    ["no operators", { operators: [] }, ShapeError, "operators is empty"],
    ["no states", { operators: [[]] }, ShapeError, "operators[0] has no rows"],
    ["a missing row", { operators: [[[0.5]], []] }, ShapeError, "operators[1] has 0 rows and operators[0] has 1"],
    ["a short row", { operators: [[[1, 0], [1]]] }, ShapeError, "operators[0][1] has 1 entries for 2 states"],
    ["NaN", { operators: replaced(1, 0, 1, Number.NaN) }, InvalidArgumentError, "operators[1][0][1] is NaN"],
    ["infinity", { operators: replaced(0, 1, 0, 1 / 0) }, InvalidArgumentError, "operators[0][1][0] is Infinity"],
    ["a negative entry", { operators: replaced(0, 1, 1, -0.4) }, InvalidArgumentError, "operators[0][1][1] is -0.4"],
    ["a bad row sum", { operators: replaced(0, 1, 1, 0.5) }, NotNormalizedError, "row 1 of the sum of the operators"],
    ["a short initial", { operators: VALID, initial: [1] }, ShapeError, "initial has 1 entries for 2 states"],
    ["NaN initial", { operators: VALID, initial: [1, Number.NaN] }, InvalidArgumentError, "initial[1] is NaN"],
    ["negative initial", { operators: VALID, initial: [2, -1] }, InvalidArgumentError, "initial[1] is -1"],
    ["unnormalised initial", { operators: VALID, initial: [1, 1] }, NotNormalizedError, "initial . normalizer is 2"],
    ["too few names", { operators: VALID, alphabet: ["a"] }, ShapeError, "alphabet has 1 names for 2 operators"],
    ["an empty name", { operators: VALID, alphabet: ["a", ""] }, InvalidArgumentError, 'alphabet[1] is ""'],
    ["a repeated name", { operators: VALID, alphabet: ["a", "a"] }, InvalidArgumentError, "the same as alphabet[0]"],
  ];

  test.each(cases)("refuses %s", (_, definition, error, message) => {
    expect(() => createHmm(definition)).toThrow(error);
    expect(() => createHmm(definition)).toThrow(message);
    expect(() => createHmm(definition)).toThrow(/^createHmm: /);
  });

  test("normalisation is checked to 1e-9", () => {
    expect(() => createHmm({ operators: replaced(0, 0, 0, 0.5 + 1e-10) })).not.toThrow();
    expect(() => createHmm({ operators: replaced(0, 0, 0, 0.5 + 1e-8) })).toThrow(NotNormalizedError);
  });
});

describe("createGhmm", () => {
  // Golden 17: a GHMM whose normalizer is not all ones (conformance vectors of simplexity, recomputed).
  const golden = createGhmm({
    operators: [
      [
        [0.697224362268, 0.116204060378],
        [0.348612181134, 0],
      ],
      [
        [0, 0.232408120756],
        [0.116204060378, 0.464816241512],
      ],
    ],
  });

  test("golden 17: normalizer and stationary state", () => {
    expect(golden.normalizer[0]).toBeCloseTo(1.070367516976, 9);
    expect(golden.normalizer[1]).toBeCloseTo(0.929632483024, 9);
    // The golden's pi sums to one; ours has pi . w = 1.
    const sum = (golden.initial[0] ?? 0) + (golden.initial[1] ?? 0);
    expect((golden.initial[0] ?? 0) / sum).toBeCloseTo(0.605551275464, 9);
    expect((golden.initial[1] ?? 0) / sum).toBeCloseTo(0.394448724536, 9);
    expect(golden.certificate.kind).toBe("cone");
  });

  test("golden 18: next token, word probability and update", () => {
    const [first = 0, second = 0] = nextTokenDistribution(golden, golden.initial);
    expect(first).toBeCloseTo(0.65478965283, 9);
    expect(second).toBeCloseTo(0.34521034717, 9);
    expect(wordProbability(golden, [0, 1])).toBeCloseTo(0.15774420377, 9);
    const updated = updateBelief(golden, golden.initial, 0);
    expect(updated[0]).toBeCloseTo(0.8422888196, 9);
    expect(updated[1]).toBeCloseTo(0.1058928226, 9);
  });

  test("golden 19: multiples of a belief predict the same", () => {
    for (const belief of [
      [0.8, 0.2],
      [1.6, 0.4],
    ]) {
      expect(nextTokenDistribution(golden, belief)[0]).toBeCloseTo(0.7273694256, 9);
    }
  });

  test.prop([hmm({ stationary: false })])("equals createHmm on the parts of an HMM", (process) => {
    const again = createGhmm({ operators: nested(process), initial: process.initial });
    expect(again.certificate.kind).toBe("hmm");
    expect(nested(again)).toEqual(nested(process));
    expect(again.initial).toEqual(process.initial);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 30 })(
    "accepts signed operators with their normalizer, and finds their stationary state",
    ({ ghmm, condition }) => {
      const again = createGhmm({ operators: nested(ghmm), normalizer: ghmm.normalizer });
      again.initial.forEach((value, s) => {
        expect(Math.abs(value - (ghmm.initial[s] ?? 0))).toBeLessThan(1e-9 * condition ** 2);
      });
    },
  );

  test("T w = w is required", () => {
    const operators = VALID.map((operator) => operator.map((row) => row.map((value) => value * 1.5)));
    expect(() => createGhmm({ operators, normalizer: [1, 1] })).toThrow(NotNormalizedError);
    expect(() => createGhmm({ operators, normalizer: [1, 1] })).toThrow(
      "T w differs from w: entry 0 is 1.5 instead of 1",
    );
    expect(() => createGhmm({ operators })).toThrow("0 independent right fixed vectors");
  });

  test("eta0 . w = 1 is required", () => {
    expect(() => createGhmm({ operators: VALID, initial: [0.5, 0.4] })).toThrow("initial . normalizer is 0.9");
  });

  test("shapes and numbers", () => {
    expect(() => createGhmm({ operators: VALID, normalizer: [1] })).toThrow("normalizer has 1 entries for 2 states");
    expect(() => createGhmm({ operators: VALID, normalizer: [1, Number.NaN] })).toThrow("normalizer[1] is NaN");
    expect(() => createGhmm({ operators: replaced(0, 0, 0, Number.NaN) })).toThrow("operators[0][0][0] is NaN");
    expect(() => createGhmm({ operators: [] })).toThrow(ShapeError);
  });

  test("a short word with a negative probability is named", () => {
    // T = I, so any row sums hold, but P(0) = 2 and P(1) = -1.
    const operators = [[[2]], [[-1]]];
    expect(() => createGhmm({ operators })).toThrow(InvalidArgumentError);
    expect(() => createGhmm({ operators })).toThrow("the word [1] has probability -1");
  });

  test.prop([fc.double({ min: 0.26, max: 0.5, noNaN: true })])("a word of two tokens can be the negative one", (c) => {
    // States (1, r): token 0 emits with (1 + r) / 2 and sends r to 4 c r; |r| grows past 1.
    const operators = [
      [
        [0.5, 0],
        [0.5, 2 * c],
      ],
      [
        [0.5, 0],
        [-0.5, 2 * c],
      ],
    ];
    const definition = { operators, normalizer: [1, 0], initial: [1, -0.99] };
    const belief = (2 * c * -0.99) / (0.5 - 0.5 * 0.99);
    expect(belief).toBeLessThan(-1);
    expect(() => createGhmm(definition)).toThrow(/the word \[0, 0\] has probability -/);
  });

  test("the scale of w is free, so T w = w is checked relative to it", () => {
    const doubled = { operators: [[[2]]], normalizer: [1e-10], initial: [1e10] };
    expect(() => createGhmm(doubled)).toThrow("T w differs from w: entry 0 is 2e-10 instead of 1e-10");
    expect(createGhmm({ ...doubled, operators: [[[1]]] }).certificate.kind).toBe("cone");
    expect(createGhmm({ operators: VALID, normalizer: [1e9, 1e9], initial: [5e-10, 5e-10] }).stateDim).toBe(2);
  });

  test("a zero normalizer and an initial state orthogonal to it are refused without dividing by zero", () => {
    const zero = { operators: VALID, normalizer: [0, 0], initial: [0.5, 0.5] };
    expect(() => createGhmm(zero)).toThrow(NotNormalizedError);
    expect(() => createGhmm(zero)).toThrow("normalizer is [0, 0]");
    expect(() => createGhmm({ operators: VALID, initial: [1, -1] })).toThrow("Give an initial state whose product");
  });

  test("a negative word is found behind a word of probability zero, and in a large alphabet", () => {
    // P(0) = 0, but T^0 leads to the state (0, 1), from which token 1 has "probability" -1/4.
    const operators = [
      [
        [0, 1],
        [0.25, 0],
      ],
      [
        [1, 0],
        [-0.25, 0],
      ],
    ];
    const hidden = { operators, normalizer: [1, 0], initial: [1, 0] };
    expect(() => createGhmm(hidden)).toThrow("the word [0, 1] has probability -0.25");
    const many = Array.from({ length: 5000 }, (_, x) => [[x === 0 ? 2 : x === 4999 ? -1 : 0]]);
    expect(() => createGhmm({ operators: many })).toThrow("the word [4999] has probability -1");
  });
});
