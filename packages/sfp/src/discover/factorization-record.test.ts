import {
  fanizza,
  InvalidArgumentError,
  NotBlockInvariantError,
  type Process,
  ShapeError,
  tensorProduct,
  tomQuantum,
  UnsupportedError,
  zeroOneRandom,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beliefInformation, binaryEntropy, entropyBits, wordsOfLength } from "../_testing/words.ts";
import { independentProcess, sectorProcess, semiFactoredProcess } from "../arbitraries/index.ts";
import { mutualInformation } from "../entanglement/mutual-information.ts";
import { schmidt } from "../entanglement/schmidt.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { beliefCurves, wordBeliefs } from "./_internal/belief-curves.ts";
import {
  type BeliefCurve,
  type FactorizationRecord,
  factorizationRecord,
  type Undefined,
} from "./factorization-record.ts";

/** The curve, which has to exist. */
function defined(curve: BeliefCurve | Undefined): BeliefCurve {
  if ("undefined" in curve) throw new Error(curve.undefined);
  return curve;
}

const means = (curve: BeliefCurve | Undefined) => Array.from(defined(curve).byPosition.mean);
const rounded = (values: readonly number[], digits: number) => values.map((value) => Number(value.toFixed(digits)));
const pair = (dA: number, dC: number) =>
  tensorStructure({
    factors: [
      { name: "a", dimension: dA },
      { name: "c", dimension: dC },
    ],
  });

describe("factorizationRecord, goldens", () => {
  // theory notes, 2.5: E_h[I] over words of 0, 1, 2, ... tokens
  test.each([
    ["factored", [0, 0, 0, 0, 0, 0]],
    ["semi", [0, 0.0489, 0.0566, 0, 0, 0]],
    ["semi-s", [0, 0.0718, 0.0619, 0, 0, 0]],
  ] as const)("P6, %s: beliefs become products whatever the operators", (variant, golden) => {
    const record = factorizationRecord(personaZ1r({ variant }), { maxLength: 5 });
    expect(rounded(means(record.information), 4)).toEqual(golden);
    expect(record.commutantDimension).toBe(2);
    expect(record.operators.maxRank).toBe(variant === "factored" ? 1 : 2);
    expect(record.sides).toEqual([["persona"], ["phase"]]);
  });

  test("P6, semi: token information by length", () => {
    const { tokens } = factorizationRecord(personaZ1r({ variant: "semi" }), { tokenSizes: [2, 2] });
    if ("undefined" in tokens) throw new Error(tokens.undefined);
    // theory notes, 2.5: I(U_1:L; Y_1:L), L = 1..4
    [0.0072, 0.0361, 0.1409, 0.1988].forEach((golden, i) => {
      expect(Math.abs((tokens.information[i + 1] ?? 0) - golden)).toBeLessThan(1e-4);
    });
  });

  // theory notes, 2.6b: at word length 5
  test.each([
    [0.25, 0.00108, 0.00452],
    [0.5, 0.0054, 0.01848],
    [0.75, 0.01384, 0.0408],
    [1, 0.02467, 0.06595],
  ])("PM at theta %d: E[I] is %d and E[S_sqrt] is %d", (theta, information, entropy) => {
    const process = personaMess3({ theta });
    const { beliefs } = wordBeliefs("test", process, 5);
    const words = { positions: 6, beliefs: beliefs.filter(({ position }) => position === 5) };
    const curves = beliefCurves(words, ["information", "entropy"], (belief) => ({
      information: mutualInformation(belief, [2, 3]),
      entropy: schmidt(belief, [2, 3]).entropy,
    }));
    expect(Math.abs((means(curves.information)[5] ?? 1) - information)).toBeLessThan(6e-6);
    expect(Math.abs((means(curves.entropy)[5] ?? 1) - entropy)).toBeLessThan(6e-6);
  });

  test("PM at theta 1, the record itself: what the capability reveals about the persona is all of the entropy", () => {
    const record = factorizationRecord(personaMess3({ theta: 1 }), { maxLength: 5 });
    expect(Math.abs((means(record.information)[5] ?? 1) - 0.02467)).toBeLessThan(6e-6);
    expect(Math.abs((means(record.squareRootEntropy)[5] ?? 1) - 0.06595)).toBeLessThan(6e-6);
    means(record.chi).forEach((chi, t) => {
      expect(chi).toBeCloseTo(means(record.squareRootEntropy)[t] ?? -1, 9);
    });
  });

  // theory notes, 2.4: largest over all beliefs
  test.each([
    [0, 0, 0],
    [0.5, 0.029049, 0.081469],
    [1, 0.122556, 0.354579],
  ])("Z9 at kappa %d: largest I is %d and largest S_sqrt is %d", (kappa, information, entropy) => {
    const process = phaseLockedZ1r({ kappa });
    const record = factorizationRecord(process);
    expect(Math.abs(defined(record.information).max - information)).toBeLessThan(6e-7);
    expect(Math.abs(defined(record.squareRootEntropy).max - entropy)).toBeLessThan(6e-7);
    expect(record.commutantDimension).toBe(3);
    expect(record.schmidtRank.max).toBe(kappa === 0 ? 1 : 2);
    expect(record.chi).toEqual({ undefined: "the conserved blocks are not the sectors of one factor" });
  });

  test.each([0, 0.1, 0.5, 0.9, 1])("static labels at alpha %d: closed forms of every measure of the start", (alpha) => {
    // theory notes, 2.7
    const record = factorizationRecord(staticLabels({ alpha }), { maxLength: 1 });
    expect(means(record.information)[0]).toBeCloseTo(1 - binaryEntropy((1 + alpha) / 2), 10);
    expect(means(record.squareRootEntropy)[0]).toBeCloseTo(binaryEntropy((1 + Math.sqrt(1 - alpha ** 2)) / 2), 10);
    expect(means(record.negativity)[0]).toBeCloseTo(alpha / 2, 10);
    expect(means(record.amplitudeEntropy)[0]).toBeCloseTo(binaryEntropy(1 / (1 + alpha ** 2)), 10);
    expect(record.schmidtRank.byPosition.max[0]).toBe(alpha === 0 ? 1 : 2);
    expect(record.operators.fbar).toBeCloseTo(1, 12);
  });
});

describe("factorizationRecord, laws", () => {
  test("oracle: means and largest values over words, enumerated", () => {
    fc.assert(
      fc.property(semiFactoredProcess({ maxTokens: 2 }), (process) => {
        const { information, sides } = factorizationRecord(process, { maxLength: 3, first: ["alignment"] });
        const dC = process.structure.factors[1].dimension;
        expect(sides[0]).toEqual(["alignment"]);
        for (let length = 0; length <= 3; length++) {
          const words = wordsOfLength(process, length);
          const values = words.map(({ belief }) => beliefInformation(belief, dC));
          const mean = words.reduce((sum, { probability }, i) => sum + probability * (values[i] ?? 0), 0);
          const { byPosition } = defined(information);
          expect(byPosition.mean[length]).toBeCloseTo(mean, 10);
          expect(byPosition.max[length]).toBeCloseTo(Math.max(0, ...values), 10);
        }
      }),
      { numRuns: 10 },
    );
  });

  test("information is at most S_sqrt, chi at most the entropy of the sectors, and nats are bits times ln 2", () => {
    fc.assert(
      fc.property(sectorProcess({ maxTokens: 2 }), (process) => {
        const bits = factorizationRecord(process, { maxLength: 2 });
        const nats = factorizationRecord(process, { maxLength: 2, unit: "nats" });
        const roots = means(bits.squareRootEntropy);
        means(bits.information).forEach((value, t) => {
          expect(value).toBeLessThanOrEqual((roots[t] ?? 0) + 1e-10);
        });
        const sectors = process.partition.blocks.length;
        expect(defined(bits.chi).max).toBeLessThanOrEqual(Math.log2(sectors) + 1e-10);
        const both = (of: (record: FactorizationRecord) => BeliefCurve | Undefined) => {
          expect(defined(of(nats)).mean).toBeCloseTo(defined(of(bits)).mean * Math.LN2, 10);
        };
        both(({ squareRootEntropy }) => squareRootEntropy);
        both(({ amplitudeEntropy }) => amplitudeEntropy);
        both(({ information }) => information);
        both(({ chi }) => chi);
        expect(nats.operators.fbar).toBeCloseTo(bits.operators.fbar, 10);
        expect(defined(nats.negativity).mean).toBeCloseTo(defined(bits.negativity).mean, 12);
      }),
      { numRuns: 10 },
    );
  });

  test("of independent factors everything is zero or one", () => {
    fc.assert(
      fc.property(independentProcess(), ({ process, structure, tokenSizes }) => {
        const record = factorizationRecord(process, { structure, tokenSizes, maxLength: 2 });
        expect(record.operators.fbar).toBeCloseTo(1, 10);
        expect(record.schmidtRank).toMatchObject({ mean: expect.closeTo(1, 9), max: 1 });
        for (const curve of [
          record.squareRootEntropy,
          record.information,
          record.negativity,
          record.amplitudeEntropy,
        ]) {
          expect(defined(curve).max).toBeLessThan(1e-6);
        }
        expect("rate" in record.tokens && Math.max(...record.tokens.information)).toBeLessThan(1e-10);
        expect("undefined" in record.chi).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  test("of three factors the first side is as asked", () => {
    // the first and the last factor are locked, the middle one is independent
    const start = phaseLockedZ1r({ alpha: 1 }).initial;
    const z1r = zeroOneRandom({ p: 0.5 });
    const initial = Float64Array.from({ length: 27 }, (_, s) => (start[3 * Math.floor(s / 9) + (s % 3)] ?? 0) / 3);
    const process: Process = { ...tensorProduct(z1r, z1r, z1r), initial };
    const phase = (name: string) => ({ name, dimension: 3 });
    const structure = tensorStructure({ factors: [phase("a"), phase("b"), phase("c")] });
    const of = (first: readonly string[]) =>
      means(factorizationRecord(process, { structure, first, maxLength: 1 }).information)[0];
    expect(of(["a"])).toBeCloseTo(Math.log2(3), 10);
    expect(of(["b"])).toBeCloseTo(0, 10);
    expect(of(["c"])).toBeCloseTo(entropyBits([1 / 3, 1 / 3, 1 / 3]), 10);
  });
});

describe("factorizationRecord, what does not exist", () => {
  test("square roots of beliefs that are no distributions: amplitudes remain, with the reason", () => {
    const bloch = tomQuantum({ alpha: 1, beta: 3 });
    const quantum = factorizationRecord(tensorProduct(bloch, bloch), { structure: pair(3, 3), maxLength: 1 });
    for (const curve of [quantum.squareRootEntropy, quantum.information, quantum.negativity]) {
      expect(curve).toEqual({
        undefined: "the normalizer is not all ones, so beliefs are not distributions over states",
      });
    }
    expect(quantum.amplitudeEntropy.max).toBeLessThan(1e-9);

    const signed = factorizationRecord(fanizza({ alpha: 2000, lambda: 0.49 }), { structure: pair(2, 2), maxLength: 2 });
    expect(signed.information).toMatchObject({ undefined: expect.stringMatching(/^a belief has the entry -0\.\d+/) });
    expect(signed.amplitudeEntropy.mean).toBeGreaterThan(0.01);
    expect(signed.chi).toHaveProperty("undefined");
  });

  test("token information without two parts, and a commutant beyond reach", () => {
    const { tokens } = factorizationRecord(zeroOneRandom({ p: 0.5 }), { structure: pair(1, 3) });
    expect(tokens).toMatchObject({ undefined: expect.stringContaining("no parts") });
    const parts = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.5 }));
    const three = factorizationRecord(parts, { structure: pair(3, 3), tokenSizes: [2, 2, 1], maxLength: 1 });
    expect(three.tokens).toMatchObject({ undefined: expect.stringContaining("3 parts") });
  });

  test("refuses a process without structure, another one's, blocks that leak, and words without end", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    const process = tensorProduct(z1r, z1r);
    expect(() => factorizationRecord(process)).toThrow(InvalidArgumentError);
    expect(() => factorizationRecord(JSON.parse("null"))).toThrow("factorizationRecord: process is no process");
    expect(() => factorizationRecord(process, { structure: pair(3, 2) })).toThrow(ShapeError);
    expect(() => factorizationRecord(process, { structure: pair(3, 3), partition: "sectors" })).toThrow(
      NotBlockInvariantError,
    );
    expect(() => factorizationRecord(process, { structure: pair(3, 3), tokenSizes: [2, 3] })).toThrow(ShapeError);
    expect(() => factorizationRecord(process, { structure: pair(3, 3), maxLength: 0 })).toThrow("maxLength is 0");
    expect(() => factorizationRecord(process, { structure: pair(3, 3), first: ["b"] })).toThrow('called "b"');
    expect(() => factorizationRecord(personaMess3(), { maxLength: 9 })).toThrow(UnsupportedError);
  });
});
