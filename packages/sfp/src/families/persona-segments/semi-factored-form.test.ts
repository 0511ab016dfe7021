import { beliefState, createKey, UnsupportedError, wordProbability } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { operatorSchmidt } from "../../discover/operator-schmidt.ts";
import { blockWeights } from "../../structure/blocks.ts";
import { marginals } from "../../structure/marginals.ts";
import { personaSegments } from "./definition.ts";
import { filterPersonaSegments } from "./filter.ts";
import { samplePersonaSegments } from "./sample.ts";
import { personaSegmentsSemiFactored } from "./semi-factored-form.ts";

describe.each(["direct", "pairs"] as const)("personaSegmentsSemiFactored, %s code", (code) => {
  const segments = personaSegments({ code, contexts: 3, perSequence: 3 });
  const process = personaSegmentsSemiFactored(segments);

  test("has one invariant block per persona and is a mixture of factored processes", () => {
    expect(process.defect).toBe(0);
    expect(process.kind).toBe("sector");
    expect(process.strong).toBe(true);
    expect(process.certificate.kind).toBe("hmm");
    expect(process.alphabet.length).toBe(segments.vocabularySize - 1);
  });

  test("emissions have operator-Schmidt rank 1 in the direct code and 2 in the pairs code; context tokens 1", () => {
    const sides = [2, process.stateDim / 2] as const;
    const ranks = process.alphabet.map((_, token) => operatorSchmidt(process.operator(token), sides).rank);
    const expected = new Array(segments.outputSize).fill(code === "direct" ? 1 : 2);
    expect(ranks).toEqual([...expected, 1, 1, 1]);
  });

  test("its word probabilities and posteriors are those of the structured filter", () => {
    const count = 6;
    const { tokens } = samplePersonaSegments(segments, { key: createKey(2), count });
    const { predictive, emissionNext, persona, phase } = filterPersonaSegments(segments, tokens);
    const { length, outputSize } = segments;
    for (let row = 0; row < count; row++) {
      let probability = 1;
      for (let t = 1; t < length; t++) {
        const token = tokens[row * length + t] ?? -1;
        const before = row * length + t - 1;
        probability *= emissionNext[t - 1] === 1 ? (predictive[before * outputSize + token] ?? 0) : 1 / 3;
        const word = tokens.subarray(row * length + 1, row * length + t + 1);
        expect(Math.abs(wordProbability(process, word) / probability - 1)).toBeLessThan(1e-11);
        const belief = beliefState(process, word);
        expect(Math.abs((blockWeights(process, belief)[1] ?? -1) - (persona[before + 1] ?? -2))).toBeLessThan(1e-12);
        const [, second] = marginals(process.structure, belief);
        for (let s = 0; s < 3; s++) {
          const weight = second.reduce((sum, value, c) => (c % 3 === s ? sum + value : sum), 0);
          expect(Math.abs(weight - (phase[(before + 1) * 3 + s] ?? -1))).toBeLessThan(1e-12);
        }
      }
    }
  });
});

test("the study's 12 contexts make a process of 294 states over 36 tokens", () => {
  const process = personaSegmentsSemiFactored(personaSegments({ code: "pairs" }));
  expect([process.stateDim, process.alphabet.length, process.defect]).toEqual([294, 36, 0]);
  expect(operatorSchmidt(process.operator(0), [2, 147]).rank).toBe(2);
});

test("independent personas and very large processes are refused with the remedy", () => {
  const independent = personaSegments({ code: "direct", sharing: 0 });
  expect(() => personaSegmentsSemiFactored(independent)).toThrow(UnsupportedError);
  expect(() => personaSegmentsSemiFactored(independent)).toThrow("sharing is 0. Use sharing 1");
  const large = personaSegments({ code: "direct", contexts: 100 });
  expect(() => personaSegmentsSemiFactored(large)).toThrow("has 2406 states");
  const wide = personaSegments({ code: "pairs", contexts: 160, emissions: 1 });
  expect(() => personaSegmentsSemiFactored(wide)).toThrow("has 966 states and 480 tokens");
});
