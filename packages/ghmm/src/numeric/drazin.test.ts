import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { cesaroProjector, drazinInverse, timesDrazinInverse } from "./drazin.ts";
import { NotConvergedError } from "./errors.ts";
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

describe("cesaroProjector", () => {
  test.prop([chains], { numRuns: 60 })(
    "is a projector that commutes with the chain and absorbs it",
    ({ n, w, classes }) => {
      const { projector, absorption } = cesaroProjector(w, n, classes);
      for (const product of [multiply(projector, projector, n), multiply(projector, w, n), multiply(w, projector, n)]) {
        expectClose(product, projector, 1e-12);
      }
      for (let i = 0; i < n; i++) {
        expect(projector.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        const row = absorption.subarray(i * classes.length, (i + 1) * classes.length);
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      }
    },
  );

  test.prop([chains], { numRuns: 20 })("is the average of the powers", ({ n, w, classes }) => {
    const { projector } = cesaroProjector(w, n, classes);
    let power = drazinIdentity(n);
    const sum = new Float64Array(n * n);
    const steps = 3000;
    for (let t = 0; t < steps; t++) {
      power.forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value / steps;
      });
      power = multiply(power, w, n);
    }
    expectClose(sum, projector, 0.02);
  });

  test("a state that reaches no class is refused", () => {
    expect(() => cesaroProjector(Float64Array.of(1, 0, 0, 1), 2, [[0]])).toThrow(NotConvergedError);
  });
});

const drazinIdentity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

describe("drazinInverse", () => {
  test.prop([chains], { numRuns: 60 })("satisfies the three equations of index one", ({ n, w, classes }) => {
    const a = drazinIdentity(n).map((value, i) => value - (w[i] ?? 0));
    const x = drazinInverse(w, n, cesaroProjector(w, n, classes).projector);
    const size = x.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
    expectClose(multiply(multiply(a, x, n), a, n), a, 1e-11 * size);
    expectClose(multiply(multiply(x, a, n), x, n), x, 1e-11 * size * size);
    expectClose(multiply(a, x, n), multiply(x, a, n), 1e-11 * size);
  });

  test("of an aperiodic chain is the sum of the deviations of its powers", () => {
    const w = Float64Array.of(0.9, 0.1, 0.4, 0.6);
    const { projector } = cesaroProjector(w, 2, [[0, 1]]);
    let power = drazinIdentity(2);
    const sum = new Float64Array(4);
    for (let t = 0; t < 200; t++) {
      power.forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value - (projector[i] ?? 0);
      });
      power = multiply(power, w, 2);
    }
    expectClose(drazinInverse(w, 2, projector), sum, 1e-12);
  });

  test.prop([chains], { numRuns: 20 })("rows are multiplied one by one", ({ n, w, classes }) => {
    const { projector } = cesaroProjector(w, n, classes);
    const rows = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(i + 1));
    const product = multiply(rows, drazinInverse(w, n, projector), n);
    expectClose(timesDrazinInverse(rows, w, n, projector), product, 1e-10 * n);
  });
});
