import { UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enumerateContexts } from "./_testing/enumeration.ts";
import { type CapabilityPart, capabilityLoss } from "./capability-loss.ts";
import { type PhaseRates, personaSegments } from "./definition.ts";

/** Entropy of a bit, in nats. */
const h2 = (p: number) => (p === 0 || p === 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));

describe("capabilityLoss", () => {
  test("does not depend on the order of contexts, on a renaming of y, or on the code", () => {
    const rates = [
      [0.9, 0.2, 0.4],
      [0.3, 0.6, 0.7],
      [0.1, 0.1, 0.8],
    ] as const;
    const [first, second, third] = rates;
    const flipped = [1 - first[0], 1 - first[1], 1 - first[2]] as const;
    const part = { contexts: 3, perSequence: 2, segments: 3, emissions: 2 };
    const one = capabilityLoss({ ...part, rates });
    const other = capabilityLoss({ ...part, rates: [third, flipped, second] });
    one.forEach((value, t) => {
      expect(Math.abs(value - (other[t] ?? Number.NaN))).toBeLessThan(1e-12);
    });
  });

  test("segments of four emissions: equals enumeration of every context and capability word", () => {
    const process = personaSegments({ code: "direct", contexts: 3, perSequence: 2, segments: 2 });
    const exact = new Array<number>(8).fill(0);
    for (const { sequence, probability } of enumerateContexts(process, 2)) {
      const visit = (t: number, weights: readonly number[]): void => {
        if (t === 8) return;
        const before = weights.reduce((sum, w) => sum + w, 0);
        for (const y of [0, 1]) {
          const next = weights.map((w, phase) => {
            const rate = process.rates[sequence[Math.floor(t / 4)] ?? -1]?.[(phase + t) % 3] ?? Number.NaN;
            return w * (y === 1 ? rate : 1 - rate);
          });
          const after = next.reduce((sum, w) => sum + w, 0);
          exact[t] = (exact[t] ?? 0) - probability * after * Math.log(after / before);
          visit(t + 1, next);
        }
      };
      visit(0, [1 / 3, 1 / 3, 1 / 3]);
    }
    capabilityLoss(process).forEach((value, t) => {
      expect(Math.abs(value - (exact[t] ?? Number.NaN))).toBeLessThan(1e-12);
    });
  });

  test("rates that do not depend on the phase: independent bits, with the mean entropy of the contexts", () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(rate, { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (flat, perSequence) => {
          const rates = flat.map((r): PhaseRates => [r, r, r]);
          const expected = flat.reduce((sum, r) => sum + h2(r) / 3, 0);
          for (const value of capabilityLoss({ contexts: 3, perSequence, segments: 2, emissions: 2, rates })) {
            expect(Math.abs(value - expected)).toBeLessThan(1e-12);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  // One in every third place: a one tells the phase at once, two zeros tell it too.
  const clock: PhaseRates = [0, 0, 1];
  test("a clock costs its phase, ln 3, and nothing after: H2(1/3), then 2/3 ln 2", () => {
    const loss = capabilityLoss({ contexts: 1, perSequence: 1, segments: 2, emissions: 4, rates: [clock] });
    expect(loss[0]).toBeCloseTo(Math.log(3) - (2 / 3) * Math.LN2, 13);
    expect(loss[1]).toBeCloseTo((2 / 3) * Math.LN2, 13);
    for (const value of loss.slice(2)) expect(Math.abs(value)).toBeLessThan(1e-13);
  });

  test("the phase runs on through the segments: emissions that are not multiples of three change nothing", () => {
    const part = { contexts: 1, perSequence: 1, rates: [[0.9, 0.2, 0.4]] } satisfies Partial<CapabilityPart>;
    const [one, three] = [
      capabilityLoss({ ...part, segments: 1, emissions: 6 }),
      capabilityLoss({ ...part, segments: 3, emissions: 2 }),
    ];
    one.forEach((value, t) => {
      expect(Math.abs(value - (three[t] ?? Number.NaN))).toBeLessThan(1e-12);
    });
  });

  test("a caller who changes the result does not change the remembered one", () => {
    const part = { contexts: 1, perSequence: 1, segments: 1, emissions: 2, rates: [clock] };
    capabilityLoss(part).fill(7);
    expect(capabilityLoss(part)[0]).toBeCloseTo(h2(1 / 3), 13);
  });

  test("refuses histories that fit into no memory before it makes them", () => {
    const part = { contexts: 1, perSequence: 1, segments: 30, emissions: 1, rates: [clock] };
    expect(() => capabilityLoss(part)).toThrow(UnsupportedError);
    expect(() => capabilityLoss(part)).toThrow("the exact capability loss of 1 contexts, 30 segments and 1 emissions");
  });
});
