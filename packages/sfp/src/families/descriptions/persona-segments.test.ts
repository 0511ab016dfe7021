import { createKey } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { binaryEntropy } from "../../_testing/words.ts";
import { personaSegments } from "../persona-segments/definition.ts";
import { samplePersonaSegments } from "../persona-segments/sample.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { personaSegmentsDescription as family } from "./persona-segments.ts";

test("lengths, vocabulary and noise are those of the process", () => {
  for (const code of ["direct", "pairs"] as const) {
    const process = personaSegments({ code, contexts: 5, segments: 3, emissions: 2 });
    const options = { code, contexts: 5, segments: 3, emissions: 2 };
    expect(quantityOf(family, options, "tokens of a sequence")).toBe(process.length);
    expect(quantityOf(family, options, "tokens of a sequence")).toBe(1 + 3 * (1 + 2));
    expect(quantityOf(family, options, "vocabulary")).toBe(process.vocabularySize);
    expect(quantityOf(family, options, "entropy of an alignment bit, given its context's")).toBe(binaryEntropy(0.0987));
  }
});

test("samples have the share of misaligned contexts and the correlation", () => {
  const options = { code: "direct", sharing: 0.8, contexts: 3, perSequence: 3, segments: 2, emissions: 1 } as const;
  const process = personaSegments(options);
  const count = 40_000;
  const { latents } = samplePersonaSegments(process, { key: createKey(11), count, withLatents: true });
  const p = quantityOf(family, options, "probability that a context is misaligned");
  let [pairs, both, first] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [c = 0, other = 0] = latents?.context.subarray(2 * i, 2 * i + 2) ?? [];
    const [b = 0, d = 0] = latents?.misaligned.subarray(2 * i, 2 * i + 2) ?? [];
    first += b;
    if (c === other) continue;
    pairs++;
    both += b * d;
  }
  expect(Math.abs(first / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
  const correlation = (both / pairs - p ** 2) / (p * (1 - p));
  expect(Math.abs(correlation - quantityOf(family, options, "correlation of two contexts' bits"))).toBeLessThan(0.04);
});
