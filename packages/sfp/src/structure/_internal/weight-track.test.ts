import { InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WeightTrack } from "./weight-track.ts";

const probability = fc.double({ min: 0.01, max: 1, noNaN: true });

describe("WeightTrack", () => {
  test("is Bayes' rule, with the sums of logarithms as its logarithms", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(probability, probability), { minLength: 1, maxLength: 400 }), (evidence) => {
        const track = new WeightTrack("test", Float64Array.of(0.25, 0.75));
        let odds = Math.log(1 / 3);
        for (const [p, q] of evidence) {
          track.update(Float64Array.of(p, q));
          odds += Math.log(p / q);
        }
        const [weights, logs] = [new Float64Array(2), new Float64Array(2)];
        track.writeWeights(weights, 0);
        track.writeLogWeights(logs, 0);
        expect(Math.abs((logs[0] ?? 0) - (logs[1] ?? 0) - odds)).toBeLessThan(1e-10);
        expect(Math.abs((weights[0] ?? 0) - 1 / (1 + Math.exp(-odds)))).toBeLessThan(1e-12);
        expect(Math.abs((weights[0] ?? 0) + (weights[1] ?? 0) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  test.each([1e-100, 1e-200, 1e-300])("likelihoods and a prior of %s keep their logarithms", (small) => {
    const track = new WeightTrack("test", Float64Array.of(small, 1));
    const logs = new Float64Array(2);
    for (let n = 1; n <= 12; n++) {
      track.update(Float64Array.of(small, 0.5));
      track.writeLogWeights(logs, 0);
      const odds = (n + 1) * Math.log(small) - n * Math.log(0.5);
      expect(Math.abs((logs[0] ?? 0) / odds - 1)).toBeLessThan(1e-14);
      expect(logs[1]).toBe(0);
    }
    track.reset();
    track.writeLogWeights(logs, 0);
    expect(Math.abs((logs[0] ?? 0) / Math.log(small) - 1)).toBeLessThan(1e-14);
  });

  test("zero is for good, and a reset starts again", () => {
    const track = new WeightTrack("test", Float64Array.of(0.5, 0.5));
    expect(track.update(Float64Array.of(0, 0.5))).toBe(0.25);
    expect([track.isAlive(0), track.isAlive(1)]).toEqual([false, true]);
    track.update(Float64Array.of(1, 1e-6));
    const out = new Float64Array(3);
    track.writeLogWeights(out, 1);
    expect(Array.from(out)).toEqual([0, Number.NEGATIVE_INFINITY, 0]);
    track.reset();
    track.writeWeights(out, 0);
    expect(Array.from(out)).toEqual([0.5, 0.5, 0]);
  });

  test("negative weights have no logarithm", () => {
    const track = new WeightTrack("owner", Float64Array.of(1.5, -0.5));
    expect(() => track.writeLogWeights(new Float64Array(2), 0)).toThrow(InvalidArgumentError);
    expect(() => track.writeLogWeights(new Float64Array(2), 0)).toThrow("owner: block 1 has weight -0.5");
  });
});
