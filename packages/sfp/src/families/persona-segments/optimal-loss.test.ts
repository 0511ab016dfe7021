import { createKey, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { enumerateLoss } from "./_testing/enumeration.ts";
import { type PersonaSegmentsOptions, personaSegments } from "./definition.ts";
import { filterPersonaSegments } from "./filter.ts";
import { personaSegmentsOptimalLoss } from "./optimal-loss.ts";
import { samplePersonaSegments } from "./sample.ts";

const rounded = (values: Float64Array) => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

describe("personaSegmentsOptimalLoss", () => {
  const small: PersonaSegmentsOptions[] = [0, 0.5, 1].flatMap((sharing) => [
    { code: "pairs" as const, contexts: 3, perSequence: 2, segments: 3, emissions: 1, sharing, noise: 0.1 },
    { code: "direct" as const, contexts: 3, perSequence: 2, segments: 2, emissions: 2, sharing, noise: 0.07 },
    { code: "pairs" as const, contexts: 3, perSequence: 1, segments: 2, emissions: 2, sharing, noise: 0 },
    { code: "pairs" as const, contexts: 4, perSequence: 3, segments: 1, emissions: 4, sharing },
  ]);
  test.each(small)("equals enumeration of all contexts, tokens and latents: %o", (options) => {
    const process = personaSegments(options);
    const { byPosition, alignment, capability, mean } = personaSegmentsOptimalLoss(process);
    enumerateLoss(process).forEach((exact, t) => {
      expect(Math.abs((byPosition[t] ?? Number.NaN) - exact)).toBeLessThan(1e-12);
      expect(byPosition[t]).toBe((alignment[t] ?? 0) + (capability[t] ?? 0));
    });
    expect(mean.total).toBeCloseTo(mean.alignment + mean.capability, 13);
  });

  test("golden: capability loss of the study by position, with the mean that Monte Carlo in another language gave", () => {
    const process = personaSegments({ code: "pairs" });
    const { capability, mean } = personaSegmentsOptimalLoss(process);
    expect(rounded(capability)).toEqual([
      0.679, 0.629, 0.5114, 0.3897, 0.3745, 0.3593, 0.3371, 0.3312, 0.3273, 0.3222, 0.3209, 0.3197, 0.3185, 0.3182,
      0.3179, 0.3175,
    ]);
    // 8 million sequences in NumPy: .385848 with standard error .000053
    expect(Math.abs(mean.capability - 0.385848)).toBeLessThan(3 * 0.000053);
  });

  test("is the mean loss of the filter on samples, within four standard errors", () => {
    const count = 4000;
    const process = personaSegments({ code: "pairs", sharing: 0.5, noise: 0.08 });
    const { tokens } = samplePersonaSegments(process, { key: createKey(3), count });
    const { predictive, emissionNext } = filterPersonaSegments(process, tokens);
    const { mean } = personaSegmentsOptimalLoss(process);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) {
      let loss = 0;
      for (let t = 0; t < 20; t++) {
        const next = tokens[i * 21 + t + 1] ?? 0;
        if (emissionNext[t] === 1) loss -= Math.log(predictive[(i * 21 + t) * 24 + next] ?? 0) / 16;
      }
      sum += loss;
      squares += loss * loss;
    }
    const average = sum / count;
    const standardError = Math.sqrt((squares / count - average ** 2) / count);
    expect(Math.abs(average - mean.total)).toBeLessThan(4 * standardError);
  });

  test("a caller who changes the result does not change the next one", () => {
    const process = personaSegments({ code: "direct", contexts: 3, segments: 1 });
    const first = personaSegmentsOptimalLoss(process).capability;
    const value = first[0];
    first.fill(0);
    expect(personaSegmentsOptimalLoss(process).capability[0]).toBe(value);
  });

  test("refuses a sum that is too large", () => {
    const process = personaSegments({ code: "pairs", segments: 8 });
    expect(() => personaSegmentsOptimalLoss(process)).toThrow(UnsupportedError);
    expect(() => personaSegmentsOptimalLoss(process)).toThrow("needs");
  });

  test.each([
    ["alignment", { segments: 4096, perSequence: 12 }],
    ["alignment", { segments: 300, perSequence: 1 }],
    ["alignment", { segments: 1, emissions: 4096 }],
    ["capability", { segments: 1, emissions: 500 }],
    // two histories a segment are few terms, but 2^29 of them do not fit into memory
    ["capability", { segments: 30, emissions: 1, perSequence: 1, rates: new Array(12).fill([0.5, 0.5, 0.5]) }],
  ])("refuses a too large %s part before computing it: %o", (part, options) => {
    const process = personaSegments({ code: "direct", ...options });
    expect(() => personaSegmentsOptimalLoss(process)).toThrow(UnsupportedError);
    expect(() => personaSegmentsOptimalLoss(process)).toThrow(`personaSegmentsOptimalLoss: the exact ${part} loss`);
  });
});
