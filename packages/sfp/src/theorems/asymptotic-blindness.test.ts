import { createKey, filterBeliefs, type Key, sampleSequences, shannonEntropy } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutualInformation, sectorDecomposition } from "../entanglement/index.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { blockWeights } from "../structure/blocks.ts";
import { reachedBeliefs } from "./_internal/beliefs.ts";
import { markedSectors } from "./_internal/marked-sectors.ts";
import { separationRate } from "./_internal/separation.ts";
import { asymptoticBlindness } from "./asymptotic-blindness.ts";

/** Mean I(A:C) at some positions of sampled words, with standard errors. */
function sampledInformation(theta: number, positions: readonly number[], count: number, key: Key) {
  const process = personaMess3({ theta });
  const length = Math.max(...positions);
  const { beliefs } = filterBeliefs(process, sampleSequences(process, { count, length, key }));
  return positions.map((t) => {
    const values = Array.from({ length: count }, (_, i) => {
      const at = (i * (length + 1) + t) * 6;
      return mutualInformation(beliefs.subarray(at, at + 6), [2, 3]);
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    return { mean, standardError: Math.sqrt(variance / count) };
  });
}

describe("asymptoticBlindness (T33)", () => {
  test("holds on random sector processes that words tell apart, and each hypothesis is needed", () => {
    const check = checkTheorem(asymptoticBlindness, { runs: 100, key: createKey(33) });
    expect(check.failure).toBeUndefined();
    expect(check.holds).toBe(true);
    expect(check.counterexamples.map(({ drops }) => drops).sort()).toEqual(
      asymptoticBlindness.hypotheses.map(({ id }) => id).sort(),
    );
    for (const { violates } of check.counterexamples) expect(violates).toBe(true);
  });

  test("the random processes are not vacuous: sectors separate at a rate below 1, beliefs are correlated, chi falls", () => {
    fc.assert(
      fc.property(markedSectors, (process) => {
        expect(process.kind).toBe("sector");
        expect(separationRate(process)).toBeLessThan(0.99);
        const means = [0, 1, 2, 3].map((length) =>
          reachedBeliefs(process, 3)
            .filter(({ word }) => word.length === length)
            .reduce((sum, { probability, belief }) => sum + probability * sectorDecomposition(process, belief).chi, 0),
        );
        expect(means[0]).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
    expect(
      fc.sample(markedSectors, { numRuns: 30, seed: 1 }).some(({ partition }) => partition.sectors[0][0]?.length === 2),
    ).toBe(true);
  });

  test("counterexamples violate by what they should", () => {
    const [same, leaking, parity] = checkTheorem(asymptoticBlindness, { runs: 1 }).counterexamples;
    // H(omega) stays 1 where the rate 1/2 allows 2 (1/2) 2^-3
    expect(same?.residual).toBeCloseTo(1 - 1 / 8, 12);
    // a certain persona becomes uncertain
    expect(leaking?.residual).toBeGreaterThan(0.05);
    // S_sqrt of the uniform belief is 0, of its parts 1
    expect(parity?.residual).toBeCloseTo(1, 12);
  });

  test("golden: E[I] of PM(1) at positions 1, 20, 100 and 200, 400 sequences", () => {
    // theory notes T33; their own sampling error is as large as ours
    const golden = [0.0314, 0.0166, 0.0028, 0.0001];
    const sampled = sampledInformation(1, [1, 20, 100, 200], 400, createKey(33));
    sampled.forEach(({ mean, standardError }, i) => {
      expect(Math.abs(mean - (golden[i] ?? 0))).toBeLessThan(5 * standardError + 5e-5);
    });
    expect((sampled[0]?.mean ?? 0) / (sampled[3]?.mean ?? 1)).toBeGreaterThan(50);
  });

  test("E[I] of PM(1) after one token, exactly", () => {
    const process = personaMess3({ theta: 1 });
    const mean = reachedBeliefs(process, 1)
      .filter(({ word }) => word.length === 1)
      .reduce((sum, { probability, belief }) => sum + probability * mutualInformation(belief, [2, 3]), 0);
    // the notes' .0314 is a mean over 400 sequences
    expect(mean).toBeCloseTo(0.03101, 5);
  });

  test("far along a word almost all beliefs know their persona, and nothing is left to be correlated with it", () => {
    const process = personaZ1r({ variant: "semi-s" });
    const { beliefs } = filterBeliefs(process, sampleSequences(process, { count: 50, length: 120, key: createKey(5) }));
    let [chi, entropy] = [0, 0];
    for (let i = 0; i < 50; i++) {
      const belief = beliefs.subarray((i * 121 + 120) * 6, (i * 121 + 121) * 6);
      chi += sectorDecomposition(process, belief).chi / 50;
      entropy += shannonEntropy(blockWeights(process, belief)) / 50;
    }
    expect(entropy).toBeLessThan(1e-6);
    expect(chi).toBeLessThanOrEqual(entropy + 1e-12);
  });

  test("the rate is that of the best set of tokens, by hand", () => {
    // the marked bit alone: .75 against .25
    expect(separationRate(personaZ1r({ variant: "factored" }))).toBeCloseTo(2 * Math.sqrt(0.75 * 0.25), 12);
    // at theta 1 one capability state does not mark the persona at all
    expect(separationRate(personaMess3({ theta: 1 }))).toBe(1);
    expect(separationRate(personaMess3({ theta: 0 }))).toBeCloseTo(2 * Math.sqrt(0.75 * 0.25), 12);
  });

  test("an exaggerated rate is found out", () => {
    const process = personaZ1r({ variant: "factored" });
    expect(asymptoticBlindness.residual({ process, maxLength: 4 })).toBeLessThan(1e-12);
    expect(asymptoticBlindness.residual({ process, maxLength: 4, affinityRate: 0.8 })).toBeGreaterThan(0.01);
  });

  test("applies to sector HMMs only", () => {
    const process = personaZ1r();
    const { factors } = process.structure;
    const blocks = process.partition.blocks.map(({ states }) => states);
    const instance = asymptoticBlindness.instanceOf({ process, factors, blocks });
    expect(instance?.maxLength).toBe(4);
    expect(instance === undefined ? false : checkTheorem(asymptoticBlindness, { instance }).holds).toBe(true);
    expect(asymptoticBlindness.instanceOf({ process })).toBeUndefined();
    const signed = { ...process, certificate: { kind: "similar-to-hmm", hmm: process } } as const;
    expect(asymptoticBlindness.instanceOf({ process: signed, factors, blocks })).toBeUndefined();
    const graph = phaseLockedZ1r();
    expect(
      asymptoticBlindness.instanceOf({
        process: graph,
        factors: graph.structure.factors,
        blocks: graph.partition.blocks.map(({ states }) => states),
      }),
    ).toBeUndefined();
  });
});
