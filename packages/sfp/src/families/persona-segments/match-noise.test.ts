import { InvalidArgumentError, NotConvergedError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { meanAlignmentLoss } from "./alignment-loss.ts";
import { personaSegments } from "./definition.ts";
import { matchNoise } from "./match-noise.ts";

describe("matchNoise", () => {
  test.each([0, 0.25, 0.5, 0.9])("sharing %d reaches the loss of the shared persona to 1e-12", (sharing) => {
    const { noise, loss, target, iterations } = matchNoise({ sharing });
    const shared = meanAlignmentLoss(personaSegments({ code: "pairs" }));
    expect(target).toBe(shared);
    expect(Math.abs(loss - shared)).toBeLessThanOrEqual(1e-12);
    expect(meanAlignmentLoss(personaSegments({ code: "pairs", sharing, noise }))).toBe(loss);
    expect(iterations).toBeLessThan(60);
  });

  test("returns the reference noise for the reference process", () => {
    expect(matchNoise().noise).toBeCloseTo(0.0987, 10);
  });

  // the pilot study, which estimated the losses by sampling, used .0773 for sharing 0 and .0787 for .5
  test("golden: the exact noises of the independent and the half-shared cell", () => {
    expect(matchNoise({ sharing: 0 }).noise).toBeCloseTo(0.0767133, 6);
    expect(matchNoise({ sharing: 0.5 }).noise).toBeCloseTo(0.0779683, 6);
  });

  test("takes a target of its own and other sizes", () => {
    const options = { sharing: 0.3, contexts: 5, perSequence: 2, segments: 2, misaligned: 0.4 };
    const { noise } = matchNoise({ ...options, target: 0.5 });
    expect(meanAlignmentLoss(personaSegments({ ...options, code: "direct", noise }))).toBeCloseTo(0.5, 11);
  });

  test("refuses a loss that no noise reaches, and a tolerance that float64 cannot reach", () => {
    expect(() => matchNoise({ target: 0.7 })).toThrow(InvalidArgumentError);
    expect(() => matchNoise({ target: Number.NaN })).toThrow("matchNoise: target is NaN");
    expect(() => matchNoise({ sharing: 2 })).toThrow("sharing is 2");
    // one emission and misaligned near 0: the loss is H2(noise), which steps over this target between two neighbouring floats
    const one = { contexts: 3, perSequence: 1, segments: 1, emissions: 1, misaligned: 1e-9, target: 0.0078 };
    expect(() => matchNoise({ ...one, tolerance: 0 })).toThrow(NotConvergedError);
    for (const tolerance of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => matchNoise({ tolerance })).toThrow(`matchNoise: tolerance is ${tolerance}`);
    }
    const long = () => matchNoise({ perSequence: 1, segments: 300 });
    expect(long).toThrow(UnsupportedError);
    expect(long).toThrow("matchNoise: the exact alignment loss of 300 segments");
  });
});
