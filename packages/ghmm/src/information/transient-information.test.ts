import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { shannonEntropy } from "../numeric/entropy.ts";
import { NotConvergedError, UnsupportedError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { blockEntropies } from "./block-entropies.ts";
import { entropyRate } from "./entropy-rate.ts";
import { excessEntropy } from "./excess-entropy.ts";
import { transientInformation } from "./transient-information.ts";

const finite = [
  ["goldenMean", goldenMean({ p: 0.3 }), 12],
  ["evenOnes", evenOnes({ p: 0.5 }), 120],
  ["zeroOneRandom", zeroOneRandom({ p: 0.3 }), 12],
  ["rrxor", rrxor({}), 250],
] as const;

describe("transientInformation", () => {
  test.each(finite)("T8: of %s is both of its series", (_, process, maxLength) => {
    const [rate, excess] = [entropyRate(process).value, excessEntropy(process).value];
    const { blockEntropy, conditional } = blockEntropies(process, { maxLength });
    const { value, method } = transientInformation(process);
    expect(method).toBe("presentation");
    expect(Math.abs(conditional.reduce((sum, h, i) => sum + (i + 1) * (h - rate), 0) - value)).toBeLessThan(1e-7);
    const distance = blockEntropy.reduce((sum, h, length) => sum + excess + rate * length - h, 0);
    expect(Math.abs(distance - value)).toBeLessThan(1e-7);
  });

  test.prop([hmm()], { numRuns: 30 })("partial sums rise with the length", (process) => {
    let lower = 0;
    for (const maxLength of [1, 2, 3, 4, 5]) {
      const found = transientInformation(process, { maxStates: 300, maxLength });
      if (found.method === "presentation") return;
      expect(found.value).toBeGreaterThanOrEqual(lower - 1e-12);
      expect(found.lower).toBe(found.value);
      expect(found.upper).toBeUndefined();
      lower = found.value;
    }
    const { conditional } = blockEntropies(process, { maxLength: 3 });
    const [h1 = 0, h2 = 0, h3 = 0] = conditional;
    const three = transientInformation(process, { maxStates: 300, maxLength: 3 });
    expect(three.value).toBeCloseTo(h1 - h3 + 2 * (h2 - h3), 10);
  });

  test.prop([gaugeTransformed()], { numRuns: 20 })("does not depend on the coordinates", ({ hmm, ghmm }) => {
    const [a, b] = [hmm, ghmm].map((process) => transientInformation(process, { maxStates: 300, maxLength: 6 }));
    expect(b?.value).toBeCloseTo(a?.value ?? Number.NaN, 7);
  });

  test("is at least the excess entropy, and in nats that times ln 2", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const [bits, nats] = (["bits", "nats"] as const).map((unit) =>
      transientInformation(process, { maxLength: 6, unit }),
    );
    expect(bits?.value).toBeGreaterThan(excessEntropy(process, { maxLength: 6 }).value);
    expect(nats?.value).toBeCloseTo((bits?.value ?? 0) * Math.LN2, 13);
    expect(nats?.unit).toBe("nats");
  });

  test("refuses an infinite presentation from a start that is not stationary", () => {
    const started = { ...mess3({ x: 0.15, a: 0.6 }), initial: Float64Array.of(1, 0, 0) };
    expect(() => transientInformation(started, { maxStates: 100 })).toThrow(UnsupportedError);
    expect(() => transientInformation(started, { maxStates: 0 })).toThrow("transientInformation: maxStates is 0");
  });
});

describe("slow mixing", () => {
  /** The last token is the state, which changes with probability `p` or `3 p`. */
  const markov = (p: number, initial: readonly number[]): Process =>
    createHmm({
      operators: [
        [
          [1 - p, 0],
          [3 * p, 0],
        ],
        [
          [0, p],
          [0, 1 - 3 * p],
        ],
      ],
      initial,
    });

  test.each([1e-3, 1e-5, 1e-7])("of a Markov chain is H[S] - h, within its bounds: %d", (p) => {
    const process = markov(p, [0.75, 0.25]);
    const exact = shannonEntropy([0.75, 0.25]) - entropyRate(process).value;
    for (const { value, lower = 1, upper = 0 } of [transientInformation(process), excessEntropy(process)]) {
      expect(Math.abs(value - exact)).toBeLessThan(1e-7);
      expect(lower).toBeLessThanOrEqual(exact + 1e-11);
      expect(upper).toBeGreaterThanOrEqual(exact - 1e-11);
    }
  });

  test.each([1e-8, 1e-10, 9e-12])("the entropy rate of a chain that moves with probability %d is exact", (p) => {
    const entropy = (q: number): number => -q * Math.log2(q) - ((1 - q) * Math.log1p(-q)) / Math.LN2;
    for (const initial of [
      [1, 0],
      [0.75, 0.25],
    ]) {
      const { value, method } = entropyRate(markov(p, initial));
      expect(method).toBe("presentation");
      expect(value / (0.75 * entropy(p) + 0.25 * entropy(3 * p))).toBeCloseTo(1, 5);
    }
  });

  test("where rounding takes too many digits, the sum is refused", () => {
    const slow = markov(1e-11, [0.75, 0.25]);
    expect(() => transientInformation(slow)).toThrow(NotConvergedError);
    expect(() => transientInformation(slow)).toThrow("transientInformation: the presentation mixes so slowly");
  });
});
