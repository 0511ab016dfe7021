import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { NonUniqueStationaryStateError, NotNormalizedError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createHmm } from "./create.ts";
import type { Process } from "./process.ts";
import { leftFixedVector, rightFixedVector, stationaryOfChain, stationaryState } from "./stationary.ts";
import { netOperator } from "./validate.ts";

const net = (process: Process): Float64Array =>
  netOperator(
    process.alphabet.map((_, x) => process.operator(x)),
    process.stateDim,
  );

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
  }
}

describe("stationaryState", () => {
  // Goldens 1, 2 and 6 (simplexity, test_transition_matrices.py; recomputed).
  test("goldens", () => {
    expectClose(stationaryState(evenOnes({ p: 0.5 })), [2 / 3, 1 / 3]);
    expectClose(stationaryState(goldenMean({ p: 0.5 })), [2 / 3, 1 / 3]);
    expectClose(stationaryState(zeroOneRandom({ p: 0.5 })), [1 / 3, 1 / 3, 1 / 3]);
  });

  test.prop([hmm()])("is a fixed distribution", (process) => {
    const pi = stationaryState(process);
    const image = new Float64Array(process.stateDim);
    vectorTimesMatrix(pi, net(process), process.stateDim, image);
    expectClose(image, pi);
    expect(dot(pi, process.normalizer)).toBeCloseTo(1, 13);
    for (const value of pi) expect(value).toBeGreaterThanOrEqual(0);
  });

  test.prop([gaugeTransformed()], { numRuns: 50 })("follows a change of basis", ({ ghmm, condition }) => {
    expectClose(stationaryState(ghmm), ghmm.initial, 1e-10 * condition ** 2);
  });

  test.prop([hmm({ maxStates: 4 }), fc.double({ min: 0.1, max: 0.9, noNaN: true })])(
    "a transient state behind a random HMM gets exactly 0",
    (process, leave) => {
      const last = process.stateDim;
      const operators = process.alphabet.map((_, x) =>
        Array.from({ length: last + 1 }, (_, from) =>
          Array.from({ length: last + 1 }, (_, to) => {
            if (from < last) return to === last ? 0 : (process.operator(x)[from * last + to] ?? 0);
            return (to === last ? 1 - leave : leave / last) / process.alphabet.length;
          }),
        ),
      );
      const extended = createHmm({ operators });
      expect(extended.initial[last]).toBe(0);
      expectClose(extended.initial.slice(0, last), process.initial, 1e-10);
    },
  );

  test("transient states get exactly 0", () => {
    const process = createHmm({
      operators: [
        [
          [0.5, 0.25, 0.25],
          [0, 0.3, 0.7],
          [0, 0.6, 0.4],
        ],
      ],
    });
    expect(process.initial[0]).toBe(0);
  });

  test("the error carries the number of closed blocks", () => {
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const process = createHmm({
      operators: [[identity.slice(0, 3), identity.slice(3, 6), identity.slice(6)]],
      initial: [1, 0, 0],
    });
    let caught: unknown;
    try {
      stationaryState(process);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NonUniqueStationaryStateError);
    expect(caught).toHaveProperty("dimension", 3);
  });

  test("chains that hardly mix, and entries of any size, to full relative precision", () => {
    for (const rare of [1e-3, 1e-9, 1e-11]) {
      const slow = createHmm({
        operators: [
          [
            [1 - rare, rare],
            [2 * rare, 1 - 2 * rare],
          ],
        ],
      });
      expectClose(slow.initial, [2 / 3, 1 / 3], 1e-7);
    }
    const { initial } = createHmm({
      operators: [
        [
          [1 - 1e-200, 1e-200],
          [1, 0],
        ],
      ],
    });
    expect((initial[1] ?? 0) / 1e-200).toBeCloseTo(1, 12);
    const apart = () =>
      createHmm({
        operators: [
          [
            [1 - 1e-13, 1e-13],
            [0, 1],
          ],
        ],
      });
    expect(apart).toThrow(NonUniqueStationaryStateError);
  });

  test("a cycle of a thousand states", () => {
    const d = 1000;
    const net = new Float64Array(d * d);
    for (let s = 0; s < d; s++) net[s * d + ((s + 1) % d)] = 1;
    expectClose(stationaryOfChain("f", net, d, "r"), new Float64Array(d).fill(1 / d));
  });

  test("a defective eigenvalue 1 is refused", () => {
    // T = [[1, 1], [0, 1]]: the left fixed vector (0, 1) and the right one (1, 0) are orthogonal.
    const jordan = Float64Array.of(1, 1, 0, 1);
    expect(() => leftFixedVector("f", jordan, Float64Array.of(1, 0), "r")).toThrow(NotNormalizedError);
  });
});

describe("rightFixedVector", () => {
  test.prop([gaugeTransformed()], { numRuns: 50 })("is the normalizer up to its scale", ({ ghmm, condition }) => {
    const sum = ghmm.normalizer.reduce((total, value) => total + value, 0);
    if (Math.abs(sum) < 1e-3) return;
    const scale = ghmm.stateDim / sum;
    const found = rightFixedVector("f", net(ghmm), ghmm.stateDim);
    expectClose(
      found,
      ghmm.normalizer.map((value) => value * scale),
      1e-10 * condition ** 2 * Math.abs(scale),
    );
  });

  test("none or several are refused", () => {
    expect(() => rightFixedVector("f", Float64Array.of(2, 0, 0, 3), 2)).toThrow("0 independent right fixed vectors");
    expect(() => rightFixedVector("f", Float64Array.of(1, 0, 0, 1), 2)).toThrow("2 independent right fixed vectors");
  });
});
