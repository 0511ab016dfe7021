import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { NotConvergedError } from "./errors.ts";
import { type MarkovChain, solveMarkovChain } from "./markov-chain.ts";
import { multiply } from "./matrix.ts";

const weight = fc.double({ min: 0.1, max: 1, noNaN: true });

/** Chains with one to three recurrent classes, each a cycle with random chords (so some are periodic), and transient states. */
const chains = fc
  .record({
    classes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    transient: fc.integer({ min: 0, max: 3 }),
    chords: fc.array(fc.option(weight, { nil: 0 }), { minLength: 144, maxLength: 144 }),
  })
  .map(({ classes: sizes, transient, chords }) => {
    const n = sizes.reduce((a, b) => a + b, transient);
    const w = new Float64Array(n * n);
    let start = 0;
    const classes = sizes.map((size) => {
      const members = Array.from({ length: size }, (_, k) => start + k);
      for (const i of members) {
        for (const j of members) w[i * n + j] = chords[i * 12 + j] ?? 0;
        w[i * n + start + ((i - start + 1) % size)] = 0.7;
      }
      start += size;
      return members;
    });
    for (let i = start; i < n; i++) {
      for (let j = 0; j < n; j++) w[i * n + j] = chords[i * 12 + j] ?? 0;
      w[i * n + (i % start)] = 0.3;
    }
    for (let i = 0; i < n; i++) {
      const total = w.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
      for (let j = 0; j < n; j++) w[i * n + j] = (w[i * n + j] ?? 0) / total;
    }
    return { n, w, classes };
  });

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
  });
}

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** The matrix of a linear map of column vectors. */
function matrixOf(map: (column: Float64Array) => Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    map(Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0))).forEach((value, i) => {
      out[i * n + j] = value;
    });
  }
  return out;
}

const projectorOf = (chain: MarkovChain, n: number): Float64Array => matrixOf((v) => chain.mean(v), n);

describe("time averages", () => {
  test.prop([chains], { numRuns: 60 })("are a projector that commutes with the chain", ({ n, w, classes }) => {
    const chain = solveMarkovChain(w, n, classes);
    const projector = projectorOf(chain, n);
    for (const product of [multiply(projector, projector, n), multiply(projector, w, n), multiply(w, projector, n)]) {
      expectClose(product, projector, 1e-12);
    }
    for (let i = 0; i < n; i++) {
      const row = projector.subarray(i * n, (i + 1) * n);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expectClose(chain.timeAverage(identity(n).subarray(i * n, (i + 1) * n)), row, 1e-13);
    }
  });

  test.prop([chains], { numRuns: 20 })("are averages of the powers", ({ n, w, classes }) => {
    let power = identity(n);
    const sum = new Float64Array(n * n);
    const steps = 3000;
    for (let t = 0; t < steps; t++) {
      power.forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value / steps;
      });
      power = multiply(power, w, n);
    }
    expectClose(sum, projectorOf(solveMarkovChain(w, n, classes), n), 0.02);
  });

  test.each([1e-3, 1e-9, 1e-15, 1e-200])(
    "have full relative precision where states are left with probability %d",
    (p) => {
      const chain = solveMarkovChain(Float64Array.of(1 - p, p, 3 * p, 1 - 3 * p), 2, [[0, 1]]);
      expectClose(chain.timeAverage([1, 0]), Float64Array.of(0.75, 0.25), 1e-15);
      // state 0 leads to either class as often
      const leaving = solveMarkovChain(Float64Array.of(1 - 2 * p, p, p, 0, 1, 0, 0, 0, 1), 3, [[1], [2]]);
      expectClose(leaving.timeAverage([1, 0, 0]), Float64Array.of(0, 0.5, 0.5), 1e-15);
    },
  );

  test("a state that reaches no class is refused", () => {
    expect(() => solveMarkovChain(Float64Array.of(1, 0, 0, 1), 2, [[0]])).toThrow(NotConvergedError);
  });
});

describe("deviation", () => {
  test.prop([chains], { numRuns: 60 })("satisfies the three equations of index one", ({ n, w, classes }) => {
    const a = identity(n).map((value, i) => value - (w[i] ?? 0));
    const x = matrixOf(solveMarkovChain(w, n, classes).deviation, n);
    const size = x.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
    expectClose(multiply(multiply(a, x, n), a, n), a, 1e-11 * size);
    expectClose(multiply(multiply(x, a, n), x, n), x, 1e-11 * size * size);
    expectClose(multiply(a, x, n), multiply(x, a, n), 1e-11 * size);
  });

  test("of an aperiodic chain is the sum of the deviations of its powers", () => {
    const w = Float64Array.of(0.9, 0.1, 0.4, 0.6);
    const chain = solveMarkovChain(w, 2, [[0, 1]]);
    const projector = projectorOf(chain, 2);
    let power = identity(2);
    const sum = new Float64Array(4);
    for (let t = 0; t < 200; t++) {
      power.forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value - (projector[i] ?? 0);
      });
      power = multiply(power, w, 2);
    }
    expectClose(matrixOf(chain.deviation, 2), sum, 1e-12);
  });

  test.each([1e-3, 1e-7, 1e-11])("of a chain that moves with probability %d has its digits", (p) => {
    const { deviation } = solveMarkovChain(Float64Array.of(1 - p, p, 3 * p, 1 - 3 * p), 2, [[0, 1]]);
    // (I - W)^D = (I - P1) / (4 p)
    const [first = 0, second = 0] = deviation([1, 0]);
    expect(first * 4 * p).toBeCloseTo(0.25, 14);
    expect(second * 4 * p).toBeCloseTo(-0.75, 14);
  });
});
