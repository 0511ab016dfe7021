import { UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignmentLoss, meanAlignmentLoss } from "./alignment-loss.ts";
import { type PersonaSegmentsOptions, personaSegments } from "./definition.ts";

/** Entropy of a bit, in nats. */
const h2 = (p: number) => (p === 0 || p === 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const noise = fc.double({ min: 0, max: 0.5, noNaN: true });
const lossOf = (options: Omit<PersonaSegmentsOptions, "code">) =>
  alignmentLoss(personaSegments({ code: "direct", ...options }));
const small = { contexts: 4, perSequence: 2, segments: 2, emissions: 2 };

describe("alignmentLoss", () => {
  // computed independently by enumeration of count statistics in another language; .0987 .0773 .0787 are the pilot study's noises
  test.each([
    [1, 0.0987, 0.36039],
    [0, 0.0773, 0.36181],
    [0.5, 0.0787, 0.36215],
  ])("golden: mean alignment loss at sharing %d, noise %d is %d nats", (sharing, noise, golden) => {
    expect(Math.abs(meanAlignmentLoss(personaSegments({ code: "pairs", sharing, noise })) - golden)).toBeLessThan(5e-6);
  });

  test("falls with position for one shared persona: more evidence never hurts", () => {
    const loss = alignmentLoss(personaSegments({ code: "direct" }));
    loss.forEach((value, t) => {
      if (t > 0) expect(value).toBeLessThan((loss[t - 1] ?? 0) + 1e-12);
    });
  });

  test("the first bit has the entropy of P(d = 1) = p (1 - e) + (1 - p) e, shared or not", () => {
    fc.assert(
      fc.property(share, share, noise, (sharing, misaligned, e) => {
        const one = misaligned * (1 - e) + (1 - misaligned) * e;
        expect(lossOf({ ...small, sharing, misaligned, noise: e })[0]).toBeCloseTo(h2(one), 12);
      }),
    );
  });

  test("without noise a shared persona is known after one bit; with noise 1/2 every bit is a fair coin", () => {
    const [first = Number.NaN, ...rest] = lossOf({ ...small, noise: 0 });
    expect(first).toBeCloseTo(h2(0.3), 14);
    for (const value of rest) expect(Math.abs(value)).toBeLessThan(1e-14);
    for (const value of lossOf({ ...small, noise: 0.5 })) expect(value).toBeCloseTo(Math.LN2, 14);
  });

  test("independent personas without noise: the second segment is new unless its context is the first one's", () => {
    // J = 2 contexts: P(same context) = 1/2, and in another one the bit is as open as at the start.
    const loss = lossOf({ ...small, sharing: 0, noise: 0 });
    expect(loss[1]).toBeCloseTo(0, 14);
    expect(loss[2]).toBeCloseTo(h2(0.3) / 2, 14);
    expect(loss[3]).toBeCloseTo(0, 14);
  });

  test("one context per sequence cannot tell shared from independent personas", () => {
    fc.assert(
      fc.property(share, share, noise, (sharing, misaligned, e) => {
        const one = { ...small, perSequence: 1, misaligned, noise: e };
        const shared = lossOf({ ...one, sharing: 1 });
        lossOf({ ...one, sharing }).forEach((value, t) => {
          expect(Math.abs(value - (shared[t] ?? Number.NaN))).toBeLessThan(1e-12);
        });
      }),
      { numRuns: 30 },
    );
  });

  test("the number of contexts K does not matter, only how many a sequence visits", () => {
    const few = lossOf({ ...small, contexts: 3, sharing: 0.4 });
    expect(lossOf({ ...small, contexts: 9, sharing: 0.4 })).toEqual(few);
  });
});

describe("meanAlignmentLoss", () => {
  test("is the mean over positions, and rises with the noise: flips of independent bits only add entropy", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), noise, noise, (sharing, a, b) => {
        const mean = (e: number) => meanAlignmentLoss(personaSegments({ code: "direct", ...small, sharing, noise: e }));
        expect(mean(Math.min(a, b))).toBeLessThanOrEqual(mean(Math.max(a, b)) + 1e-12);
        const loss = lossOf({ ...small, sharing, noise: a });
        expect(mean(a)).toBeCloseTo(loss.reduce((sum, value) => sum + value, 0) / 4, 14);
      }),
      { numRuns: 30 },
    );
  });

  test("a sum that is too large is refused in the caller's name", () => {
    const process = personaSegments({ code: "direct", segments: 300, perSequence: 1 });
    expect(() => meanAlignmentLoss(process, "someMatch")).toThrow(UnsupportedError);
    expect(() => meanAlignmentLoss(process, "someMatch")).toThrow(
      "someMatch: the exact alignment loss of 300 segments of 4 emissions needs more than 200000000 terms",
    );
  });
});
