import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { sampleSequences } from "../belief/sample.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey, type Key } from "../random/key.ts";
import { beliefPointCloud } from "./belief-point-cloud.ts";

const key = createKey(7);

describe("beliefPointCloud", () => {
  test.prop([gaugeTransformed(), fc.integer({ min: 1, max: 40 }), fc.nat(10)], { numRuns: 30 })(
    "holds beliefs, in HMMs and in other coordinates",
    ({ ghmm }, points, burnIn) => {
      const cloud = beliefPointCloud(ghmm, { points, key, burnIn, sequences: Math.ceil(points / 3) });
      expect(cloud.count).toBe(points);
      expect(cloud.points.length).toBe(points * ghmm.stateDim);
      expect(cloud.tokens.length).toBe(points);
      for (let i = 0; i < points; i++) {
        const belief = cloud.points.subarray(i * ghmm.stateDim, (i + 1) * ghmm.stateDim);
        expect(Math.abs(dot(belief, ghmm.normalizer) - 1)).toBeLessThan(1e-9);
      }
    },
  );

  it("is the beliefs of sampled words after the first tokens", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const cloud = beliefPointCloud(process, { points: 10, key, burnIn: 5, sequences: 2 });
    const sampled = sampleSequences(process, { count: 2, length: 10, key, withBeliefs: true });
    const rows = [0, 1].flatMap((i) => [...sampled.beliefs.subarray((i * 11 + 6) * 3, (i * 11 + 11) * 3)]);
    expect([...cloud.points]).toEqual(rows);
    expect([...cloud.tokens]).toEqual([0, 1].flatMap((i) => [...sampled.tokens.subarray(i * 10 + 5, i * 10 + 10)]));
  });

  it("has only recurrent mixed states after the burn-in", () => {
    const cloud = beliefPointCloud(zeroOneRandom({ p: 0.5 }), { points: 300, key, burnIn: 64 });
    for (let i = 0; i < cloud.count; i++) {
      expect(Math.max(...cloud.points.subarray(3 * i, 3 * i + 3))).toBeCloseTo(1, 12);
    }
  });

  it("visits every recurrent class by several words", () => {
    // Two coins, one of which is tossed for ever.
    const coins = createHmm({
      operators: [
        [
          [0.1, 0],
          [0, 0.9],
        ],
        [
          [0.9, 0],
          [0, 0.1],
        ],
      ],
      initial: [0.5, 0.5],
    });
    const { points } = beliefPointCloud(coins, { points: 64, key });
    const first = Array.from({ length: 64 }, (_, i) => Math.round(points[2 * i] ?? 0));
    expect(new Set(first)).toEqual(new Set([0, 1]));
  });

  it.each([
    [{ points: 0 }, "points is 0"],
    [{ points: Number.NaN }, "points is NaN"],
    [{ points: 4, burnIn: -1 }, "burnIn is -1"],
    [{ points: 4, sequences: 5 }, "sequences is 5"],
    [{ points: 4, key: 5 as unknown as Key }, "key is 5"],
  ])("refuses %o", (options, message) => {
    const call = () => beliefPointCloud(zeroOneRandom({ p: 0.5 }), { key, ...options });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(`beliefPointCloud: ${message}`);
  });
});
