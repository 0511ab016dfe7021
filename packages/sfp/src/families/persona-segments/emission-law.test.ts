import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emissionProbability, enumerateAssignments } from "./_testing/enumeration.ts";
import { personaSegments } from "./definition.ts";
import { capabilityLaw, emissionLaw } from "./emission-law.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe.each(["direct", "pairs"] as const)("emissionLaw, %s code", (code) => {
  const process = personaSegments({ code, contexts: 3, noise: 0.2 });

  test("at a certain bit and phase it is the law of the definition", () => {
    for (const one of enumerateAssignments(process)) {
      for (let context = 0; context < 3; context++) {
        const phase = [0, 1, 2].map((s) => (s === one.phase ? 1 : 0));
        const law = emissionLaw(process, { context, misaligned: one.bits[context] ?? 0, phase });
        law.forEach((probability, token) => {
          expect(probability).toBeCloseTo(emissionProbability(process, one, context, 0, token), 14);
        });
      }
    }
  });

  test("is linear in the belief and sums to one", () => {
    fc.assert(
      fc.property(unit, unit, unit, (misaligned, x, y) => {
        const phase = [x / 2, y / 2, 1 - x / 2 - y / 2];
        const law = emissionLaw(process, { context: 1, misaligned, phase });
        expect(law.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        const [low, high] = [0, 1].map((bit) => emissionLaw(process, { context: 1, misaligned: bit, phase }));
        law.forEach((value, token) => {
          expect(value).toBeCloseTo((1 - misaligned) * (low?.[token] ?? 0) + misaligned * (high?.[token] ?? 0), 12);
        });
      }),
    );
  });
});

test("capabilityLaw defaults to a uniform phase", () => {
  const process = personaSegments({ code: "direct" });
  const [r0 = 0, r1 = 0, r2 = 0] = process.rates[4] ?? [];
  expect(capabilityLaw(process, { context: 4 })[1]).toBeCloseTo((r0 + r1 + r2) / 3, 14);
});

test("refuses bad beliefs by name", () => {
  const process = personaSegments({ code: "direct" });
  expect(() => emissionLaw(process, { context: 0, misaligned: 2 })).toThrow("emissionLaw: misaligned is 2");
  expect(() => emissionLaw(process, { context: 12, misaligned: 1 })).toThrow(InvalidArgumentError);
  expect(() => capabilityLaw(process, { context: 0, phase: [1, 0] })).toThrow(ShapeError);
  expect(() => capabilityLaw(process, { context: 0, phase: [1, 1, 0] })).toThrow("phase sums to 2");
  expect(() => capabilityLaw(process, { context: 0, phase: [Number.NaN, 1, 0] })).toThrow("phase[0] is NaN");
});
