import { InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryEntropy, blockEntropyCurve, entropyBits, wordsOfLength } from "../_testing/words.ts";
import { contextPersonas } from "./context-personas.ts";
import {
  alignmentParticipationRatio,
  alignmentTotalCorrelation,
  contextEntropyRate,
  contextTokenEntropy,
  generalizationCoefficient,
} from "./context-personas-closed-forms.ts";
import { filterContextPersonas } from "./context-personas-filter.ts";

const alphas = [0, 0.1, 0.25, 0.5, 1];
const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** Participation ratio of the covariance of rows that have weights and mean 1/2. */
function participationRatio(rows: readonly (readonly [weight: number, belief: readonly number[]])[]): number {
  const [, first = []] = rows[0] ?? [];
  const covariance = first.map((_, k) =>
    first.map((_, l) =>
      rows.reduce((sum, [weight, p]) => sum + weight * ((p[k] ?? 0) - 1 / 2) * ((p[l] ?? 0) - 1 / 2), 0),
    ),
  );
  const trace = covariance.reduce((sum, row, k) => sum + (row[k] ?? 0), 0);
  return trace ** 2 / covariance.flat().reduce((sum, value) => sum + value ** 2, 0);
}

describe("generalizationCoefficient", () => {
  test("is the exact filter's, for every number of contexts and of tokens", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 64 }),
        unit,
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (contexts, alpha, epsilon, evidence) => {
          const process = contextPersonas({ contexts, alpha, epsilon });
          const tokens = new Array<number>(evidence).fill(1);
          const { misaligned } = filterContextPersonas(process, { tokens, count: 1, length: evidence });
          const last = misaligned.subarray((evidence - 1) * contexts);
          const closed = generalizationCoefficient(process, { evidence });
          for (let k = 1; k < contexts; k++) expect(2 * (last[k] ?? 0) - 1).toBeCloseTo(closed, 11);
        },
      ),
    );
  });

  // theory notes 2.6: G_k = 1 - alpha for K = 2, 4, 8, by the definition in next-token laws
  test.each([2, 4, 8, 24])("golden: 1 - alpha after unlimited evidence, %d contexts", (contexts) => {
    for (const alpha of alphas) {
      const process = contextPersonas({ contexts, alpha });
      expect(generalizationCoefficient(process)).toBe(1 - alpha);
      const tokens = new Array<number>(60).fill(1);
      const { nextToken } = filterContextPersonas(process, { tokens, count: 1, length: 60 }, { withNextToken: true });
      const after = nextToken?.[(59 * contexts + 1) * 2 + 1] ?? Number.NaN;
      expect((after - 0.5 / contexts) / (0.9 / contexts - 0.5 / contexts)).toBeCloseTo(1 - alpha, 12);
    }
  });

  test("is 0 without evidence or with noise 1/2, and complete after one token without noise", () => {
    expect(generalizationCoefficient(contextPersonas({ contexts: 3 }), { evidence: 0 })).toBe(0);
    expect(generalizationCoefficient(contextPersonas({ contexts: 3, epsilon: 0.5 }))).toBe(0);
    expect(generalizationCoefficient(contextPersonas({ contexts: 3, epsilon: 0 }), { evidence: 1 })).toBe(1);
    expect(() => generalizationCoefficient(contextPersonas(), { evidence: -1 })).toThrow(InvalidArgumentError);
    expect(() => generalizationCoefficient(contextPersonas(), { evidence: Number.NaN })).toThrow("evidence is NaN");
  });
});

describe("alignmentTotalCorrelation", () => {
  test("is K - H of the enumerated prior", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), unit, (contexts, alpha) => {
        const process = contextPersonas({ contexts, alpha });
        const enumerated = contexts - entropyBits(process.initial);
        expect(alignmentTotalCorrelation(process)).toBeCloseTo(enumerated, 10);
        expect(alignmentTotalCorrelation(process, { unit: "nats" })).toBeCloseTo(enumerated * Math.LN2, 10);
      }),
    );
  });

  // theory notes 2.6, K = 4
  test.each([
    [0, 3],
    [0.25, 1.628],
    [0.5, 0.783],
    [1, 0],
  ])("golden: alpha %d gives %d bits", (alpha, golden) => {
    expect(Math.abs(alignmentTotalCorrelation(contextPersonas({ contexts: 4, alpha })) - golden)).toBeLessThan(6e-4);
  });
});

describe("alignmentParticipationRatio", () => {
  test("narrow and full evidence are what the beliefs of such histories span", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), unit, (contexts, alpha) => {
        const process = contextPersonas({ contexts, alpha });
        const narrow = Array.from({ length: 2 * contexts }, (_, token) => {
          const tokens = new Array<number>(40).fill(token);
          const { misaligned } = filterContextPersonas(process, { tokens, count: 1, length: 40 });
          return [1, Array.from(misaligned.subarray(39 * contexts))] as const;
        });
        expect(alignmentParticipationRatio(process)).toBeCloseTo(participationRatio(narrow), 9);
        const full = Array.from(process.initial, (weight, assignment) => {
          return [weight, Array.from({ length: contexts }, (_, k) => (assignment >> k) & 1)] as const;
        });
        expect(alignmentParticipationRatio(process, { evidence: "full" })).toBeCloseTo(participationRatio(full), 9);
      }),
    );
  });

  // theory notes 2.6, K = 4: 1, 1.062, 1.360, 4. They are those of all words of three tokens at epsilon = 0.2
  test.each([
    [0, 1],
    [0.25, 1.062],
    [0.5, 1.36],
    [1, 4],
  ])("golden: at alpha %d the beliefs of words of three tokens have ratio %d", (alpha, golden) => {
    const process = contextPersonas({ contexts: 4, alpha, epsilon: 0.2 });
    const rows = wordsOfLength(process, 3).map(({ probability, belief }) => {
      const bits = [0, 1, 2, 3].map((k) => belief.reduce((sum, weight, i) => sum + ((i >> k) & 1) * weight, 0));
      return [probability, bits] as const;
    });
    const ratio = participationRatio(rows);
    expect(Math.abs(ratio - golden)).toBeLessThan(6e-4);
    expect(ratio).toBeGreaterThanOrEqual(alignmentParticipationRatio(process) - 1e-12);
    expect(ratio).toBeLessThanOrEqual(alignmentParticipationRatio(process, { evidence: "full" }) + 1e-12);
  });

  test("refuses other evidence", () => {
    const bad = JSON.parse('{ "evidence": "wide" }');
    expect(() => alignmentParticipationRatio(contextPersonas(), bad)).toThrow('evidence is "wide"');
  });
});

describe("contextTokenEntropy and contextEntropyRate", () => {
  test("are the first and the last of the conditional entropies, for every alpha", () => {
    for (const alpha of [0, 0.5, 1]) {
      const process = contextPersonas({ contexts: 2, alpha, epsilon: 0.05 });
      const curve = blockEntropyCurve(process, 7);
      expect(contextTokenEntropy(process)).toBeCloseTo(curve[1] ?? 0, 12);
      const last = (curve[7] ?? 0) - (curve[6] ?? 0);
      const rate = contextEntropyRate(process);
      expect(rate).toBeCloseTo(1 + binaryEntropy(0.05), 12);
      expect(last).toBeGreaterThan(rate - 1e-12);
      expect(last).toBeLessThan(rate + 0.06);
    }
  });

  test("with a chain: the stationary mean of the rows' entropies", () => {
    const chain = [
      [0.5, 0.5],
      [1, 0],
    ];
    const process = contextPersonas({ contexts: 2, alpha: 0.5, epsilon: 0.01, chain });
    const curve = blockEntropyCurve(process, 9);
    expect(contextTokenEntropy(process)).toBeCloseTo(curve[1] ?? 0, 12);
    const rate = contextEntropyRate(process);
    expect(rate).toBeCloseTo(2 / 3 + binaryEntropy(0.01), 12);
    const last = (curve[9] ?? 0) - (curve[8] ?? 0);
    expect(last).toBeGreaterThan(rate - 1e-12);
    expect(last).toBeLessThan(rate + 0.02);
    expect(contextEntropyRate(process, { unit: "nats" })).toBeCloseTo(rate * Math.LN2, 12);
  });

  test("with two closed classes: by where the first context leads", () => {
    const chain = [
      [0, 0.25, 0.75, 0],
      [0, 1, 0, 0],
      [0, 0, 0.5, 0.5],
      [0, 0, 0.5, 0.5],
    ];
    const process = contextPersonas({ contexts: 4, epsilon: 0, chain, initialContext: [1, 0, 0, 0] });
    expect(contextEntropyRate(process)).toBeCloseTo(0.75, 12);
    expect(contextTokenEntropy(process)).toBe(1);
  });
});
