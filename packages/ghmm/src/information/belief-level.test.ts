import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm, redundantHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { BeliefLevel, beliefLevels } from "./belief-level.ts";

const three = mess3({ x: 0.15, a: 0.6 });
const one = coin({ p: 0.5 });

describe("BeliefLevel", () => {
  test("merges equal beliefs and keeps others apart", () => {
    const level = new BeliefLevel(three, 1e-9);
    level.add(Float64Array.of(0.5, 0.5, 0), 0.25);
    level.add(Float64Array.of(0.5 + 1e-15, 0.5 - 1e-15, 0), 0.5);
    level.add(Float64Array.of(0.5 + 1e-8, 0.5 - 1e-8, 0), 0.25);
    expect(level.size).toBe(2);
    expect([...level.entries()].map(({ weight }) => weight)).toEqual([0.75, 0.25]);
  });

  test.prop([fc.double({ min: -2, max: 2, noNaN: true })])("rounding noise never tells two beliefs apart", (x) => {
    const level = new BeliefLevel(three, 1e-9);
    for (const noise of [0, -3e-16, 3e-16, 2e-12]) level.add(Float64Array.of(x + noise, 1 - x - noise, 0), 1);
    expect(level.size).toBe(1);
  });

  test("copies what it keeps", () => {
    const level = new BeliefLevel(one, 1e-9);
    const belief = Float64Array.of(1);
    level.add(belief, 1);
    belief[0] = 0;
    expect([...level.entries()][0]?.belief[0]).toBe(1);
    level.add(Float64Array.of(1), 1);
    expect(level.size).toBe(1);
  });

  test("mean of a function of the belief", () => {
    const level = new BeliefLevel(three, 1e-9);
    level.add(Float64Array.of(1, 0, 0), 0.25);
    level.add(Float64Array.of(0, 1, 0), 0.75);
    expect(level.mean((belief) => 4 * (belief[0] ?? 0))).toBe(1);
  });

  test.prop([redundantHmm()], { numRuns: 20 })(
    "beliefs with the same futures are one",
    ({ redundant, state, ratio }) => {
      const level = new BeliefLevel(redundant, 1e-9);
      const belief = redundant.initial.slice();
      level.add(belief, 1);
      const [from, to] = [state, redundant.stateDim - 1];
      belief[to] = (belief[to] ?? 0) + (belief[from] ?? 0);
      belief[from] = 0;
      level.add(belief, 1);
      expect(ratio).toBeGreaterThan(0);
      expect(level.size).toBe(1);
    },
  );
});

describe("beliefLevels", () => {
  const start = (process: typeof three) => [{ belief: process.initial, weight: 1 }];

  test.prop([hmm()], { numRuns: 20 })("weights are word probabilities and sum to one", (process) => {
    let depth = 0;
    for (const level of beliefLevels(process, start(process), 1000, 1e-9)) {
      expect(level.mean(() => 1)).toBeCloseTo(1, 12);
      if (++depth > 3) break;
    }
    const [, after] = beliefLevels(process, start(process), 1000, 1e-9);
    const heaviest = Math.max(...process.alphabet.map((_, x) => wordProbability(process, [x])));
    const [most] = [...(after?.entries() ?? [])].map(({ weight }) => weight).sort((a, b) => b - a);
    expect(most).toBeGreaterThanOrEqual(heaviest - 1e-12);
  });

  test("of Z1R: 1, 2, 4, and 3 from then on", () => {
    const process = zeroOneRandom({ p: 0.5 });
    const sizes: number[] = [];
    for (const level of beliefLevels(process, start(process), 10, 1e-9)) if (sizes.push(level.size) === 7) break;
    expect(sizes).toEqual([1, 2, 4, 3, 3, 3, 3]);
  });

  test("of Mess3: powers of three, ended by the limit", () => {
    const sizes = (limit: number) => Array.from(beliefLevels(three, start(three), limit, 1e-9), ({ size }) => size);
    expect(sizes(81)).toEqual([1, 3, 9, 27, 81]);
    expect(sizes(80)).toEqual([1, 3, 9, 27]);
  });

  test("a start may be a mixture; parts of weight zero are left out", () => {
    const parts = [0.5, 0.5, 0].map((weight, s) => ({
      belief: Float64Array.from({ length: 3 }, (_, i) => (i === s ? 1 : 0)),
      weight,
    }));
    const [level] = beliefLevels(three, parts, 10, 1e-9);
    expect(level?.size).toBe(2);
  });
});
