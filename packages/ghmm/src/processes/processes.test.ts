import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { optimalLoss } from "../information/optimal-loss.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { stationaryState } from "../process/stationary.ts";
import { coin, evenOnes, goldenMean, mess3, processes, zeroOneRandom } from "./index.ts";

const entries = (process: Process): Record<string, number> =>
  Object.fromEntries(
    process.alphabet.flatMap((name, x) =>
      Array.from(process.operator(x)).flatMap((value, i) =>
        value === 0 ? [] : [[`${name}: ${Math.floor(i / process.stateDim)}->${i % process.stateDim}`, value] as const],
      ),
    ),
  );

const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const anyProcess = fc.oneof(
  open.map((p) => coin({ p })),
  open.map((p) => goldenMean({ p })),
  open.map((p) => evenOnes({ p })),
  open.map((p) => zeroOneRandom({ p })),
  fc.tuple(open, open).map(([x, a]) => mess3({ x: x / 2, a })),
);

describe("the named processes", () => {
  test("operators", () => {
    expect(entries(coin({ p: 0.25 }))).toEqual({ "0: 0->0": 0.25, "1: 0->0": 0.75 });
    expect(entries(goldenMean({ p: 0.25 }))).toEqual({ "0: 0->0": 0.75, "1: 0->1": 0.25, "0: 1->0": 1 });
    expect(entries(evenOnes({ p: 0.25 }))).toEqual({ "0: 0->0": 0.75, "1: 0->1": 0.25, "1: 1->0": 1 });
    expect(entries(zeroOneRandom({ p: 0.25 }))).toEqual({
      "0: 0->1": 1,
      "1: 1->2": 1,
      "0: 2->0": 0.75,
      "1: 2->0": 0.25,
    });
  });

  test("mess3 stays with 1 - 2x and shows its new state with probability a", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    for (let z = 0; z < 3; z++) {
      process.operator(z).forEach((value, i) => {
        const [from, to] = [Math.floor(i / 3), i % 3];
        expect(value).toBeCloseTo((z === to ? 0.6 : 0.2) * (from === to ? 0.7 : 0.15), 15);
      });
    }
  });

  test.prop([anyProcess])("start in their stationary state", (process) => {
    const pi = stationaryState(process);
    process.initial.forEach((value, s) => {
      expect(Math.abs(value - (pi[s] ?? Number.NaN))).toBeLessThan(1e-12);
    });
    expect(process.certificate).toBe("hmm");
  });

  test.prop([open])("forbidden words", (p) => {
    expect(wordProbability(goldenMean({ p }), [1, 1])).toBe(0);
    expect(wordProbability(evenOnes({ p }), [0, 1, 1, 1, 0])).toBe(0);
    expect(wordProbability(zeroOneRandom({ p }), [0, 0, 0])).toBe(0);
  });

  // Entropy rates in closed form: H2(p) / (1 + p) and H2(p) / 3.
  test.prop([fc.double({ min: 0.2, max: 0.8, noNaN: true })], { numRuns: 10 })("entropy rates", (p) => {
    const h2 = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    expect(optimalLoss(goldenMean({ p }), { length: 4 }).loss[3]).toBeCloseTo(h2 / (1 + p), 12);
    expect(optimalLoss(zeroOneRandom({ p }), { length: 60 }).loss[59]).toBeCloseTo(h2 / 3, 5);
  });

  test("defaults and the namespace", () => {
    expect(entries(goldenMean())).toEqual(entries(goldenMean({ p: 0.5 })));
    expect(entries(evenOnes())).toEqual(entries(evenOnes({ p: 0.5 })));
    expect(processes).toEqual({ coin, evenOnes, goldenMean, mess3, zeroOneRandom });
  });

  test.each([
    ["coin", () => coin({ p: 1.5 }), "coin: p is 1.5. Give p from 0 to 1."],
    ["goldenMean", () => goldenMean({ p: -0.1 }), "goldenMean: p is -0.1. Give p from 0 to 1."],
    ["evenOnes", () => evenOnes({ p: 2 }), "evenOnes: p is 2. Give p from 0 to 1."],
    ["zeroOneRandom", () => zeroOneRandom({ p: Number.NaN }), "zeroOneRandom: p is NaN. Give p from 0 to 1."],
    ["mess3", () => mess3({ x: 0.6, a: 0.5 }), "mess3: x is 0.6. Give x from 0 to 0.5."],
    ["mess3", () => mess3({ x: 0.1, a: 1.1 }), "mess3: a is 1.1. Give a from 0 to 1."],
  ])("%s names the range of a bad parameter", (_, make, message) => {
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(message);
  });
});
