import {
  beliefState,
  createKey,
  filterBeliefs,
  InvalidArgumentError,
  nextTokenDistribution,
  optimalLoss,
  sampleSequences,
  singularValueDecomposition,
  UnsupportedError,
  wordProbability,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryEntropy, blockEntropyCurve, entropyBits, wordsOfLength } from "../_testing/words.ts";
import { blockWeights, withBlockWeights } from "../structure/blocks.ts";
import { semiFactored } from "../structure/semi-factored.ts";
import { contextPersonas } from "./context-personas.ts";

/** P(i_k = 1 | belief) for every context. */
function alignmentBelief(belief: Float64Array, contexts: number): readonly number[] {
  return Array.from({ length: contexts }, (_, k) =>
    belief.reduce((sum, weight, assignment) => sum + ((assignment >> k) & 1) * weight, 0),
  );
}

describe("contextPersonas", () => {
  const alphas = [0, 0.1, 0.25, 0.5, 1];

  test.each([2, 4, 8])("T30: with %d contexts, unlimited narrow evidence generalises by 1 - alpha", (contexts) => {
    for (const alpha of alphas) {
      const process = contextPersonas({ contexts, alpha });
      const before = nextTokenDistribution(process, process.initial);
      const evidence = beliefState(process, new Array<number>(60).fill(1)); // context 0, u = 1
      const after = nextTokenDistribution(process, evidence);
      for (let k = 1; k < contexts; k++) {
        const at = 2 * k + 1;
        const [prior = 0, post = 0] = [before[at], after[at]];
        const misaligned = 0.9 / contexts;
        expect((post - prior) / (misaligned - prior)).toBeCloseTo(1 - alpha, 10);
        expect(alignmentBelief(evidence, contexts)[k]).toBeCloseTo(1 - alpha / 2, 10);
      }
    }
  });

  test("the token law, the law of one context and its entropy do not depend on alpha", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5 }), (alpha, contexts) => {
        const law = nextTokenDistribution(
          contextPersonas({ contexts, alpha }),
          contextPersonas({ contexts, alpha }).initial,
        );
        expect(entropyBits(law)).toBeCloseTo(1 + Math.log2(contexts), 10);
      }),
    );
  });

  test("the conditional entropy falls to log2 K + H2(epsilon) for every alpha", () => {
    const limit = 1 + binaryEntropy(0.05);
    for (const alpha of [0, 0.5, 1]) {
      const curve = blockEntropyCurve(contextPersonas({ contexts: 2, alpha, epsilon: 0.05 }), 7);
      const last = (curve[7] ?? 0) - (curve[6] ?? 0);
      expect(last).toBeGreaterThan(limit - 1e-12);
      expect(last).toBeLessThan(limit + 0.06);
    }
  });

  // total correlation of the bits, K - H(prior), K = 4
  test.each([
    [0, 3],
    [0.25, 1.628],
    [0.5, 0.783],
    [1, 0],
  ])("golden: at alpha %d the bits of four contexts have total correlation %d", (alpha, golden) => {
    expect(4 - entropyBits(contextPersonas({ contexts: 4, alpha }).initial)).toBeCloseTo(golden, 3);
  });

  test("one direction moves all contexts if and only if alpha is 0", () => {
    const rank = (alpha: number) => {
      const rows = [1, 2, 3].flatMap((length) =>
        wordsOfLength(contextPersonas({ contexts: 3, alpha }), length).map(({ belief }) =>
          alignmentBelief(belief, 3).map((p) => p - 1 / 2),
        ),
      );
      const { values } = singularValueDecomposition(rows.flat(), [rows.length, 3]);
      return values.filter((value) => value > 1e-10).length;
    };
    expect(rank(0)).toBe(1);
    expect(rank(0.3)).toBe(3);
  });

  test("is the process that the checked constructor accepts", () => {
    const process = contextPersonas({ contexts: 3, alpha: 0.4 });
    const { partition, structure } = process;
    const checked = semiFactored({ process, structure, blocks: partition });
    expect(checked).toMatchObject({ defect: 0, strong: true, kind: process.kind });
    const net = process.alphabet.reduce(
      (sum, _, token) => sum.map((v, i) => v + (process.operator(token)[i] ?? 0)),
      new Float64Array(64),
    );
    net.forEach((value, i) => {
      expect(value).toBeCloseTo(i % 9 === 0 ? 1 : 0, 14);
    });
  });

  test("its steps are those of its written-out operators", () => {
    const process = contextPersonas({ contexts: 3, alpha: 0.4, epsilon: 0.2 });
    const belief = beliefState(process, [1, 2, 5]);
    for (let token = 0; token < 6; token++) {
      const operator = process.operator(token);
      const next = new Float64Array(8);
      const probability = process.step(belief, token, next);
      let total = 0;
      for (let s = 0; s < 8; s++) total += (belief[s] ?? 0) * (operator[9 * s] ?? 0);
      expect(probability).toBeCloseTo(total, 15);
      for (let s = 0; s < 8; s++) expect(next[s]).toBeCloseTo(((belief[s] ?? 0) * (operator[9 * s] ?? 0)) / total, 14);
    }
  });

  test("twelve contexts have 4096 assignments and filter without writing the operators out", () => {
    const process = contextPersonas({ alpha: 0 });
    expect(process.stateDim).toBe(4096);
    const belief = beliefState(process, [1, 3, 5]);
    expect(blockWeights(process, belief)[4095]).toBeCloseTo(0.9 ** 3 / (0.9 ** 3 + 0.1 ** 3), 12);
  });

  test("works with the functions of every process", () => {
    const process = contextPersonas({ contexts: 2, alpha: 0.5 });
    const { tokens } = sampleSequences(process, { key: createKey(4), count: 3, length: 6 });
    expect(filterBeliefs(process, { tokens, count: 3, length: 6 }).beliefs.length).toBe(3 * 7 * 4);
    expect(optimalLoss(process, { length: 2, unit: "bits" }).loss[0]).toBeCloseTo(2, 12);
  });

  test("refuses parameters and tokens out of range", () => {
    expect(() => contextPersonas({ contexts: 17 })).toThrow("contextPersonas: contexts is 17");
    expect(() => contextPersonas({ alpha: 1.5 })).toThrow(InvalidArgumentError);
    expect(() => contextPersonas({ epsilon: 0.7 })).toThrow("epsilon is 0.7");
    expect(() => contextPersonas({ contexts: 2 }).operator(4)).toThrow("token is 4");
  });
});

test("operators too large to write out are refused by name, filtering works without them", () => {
  const process = contextPersonas({ contexts: 16 });
  expect(() => process.operator(0)).toThrow(UnsupportedError);
  expect(() => process.operator(0)).toThrow("Process.operator: the operator is 65536 x 65536");
  expect(() => process.operator(32)).toThrow("Process.operator: token is 32");
  expect(() => process.step(process.initial, 0.5, new Float64Array(1))).toThrow("Process.step: token is 0.5");
  expect(wordProbability(process, [1])).toBeCloseTo(1 / 32, 12);
});

test("a token is impossible at a probability of 1e-12, and possible above", () => {
  const [rare, never] = [4e-12, 1e-12].map((epsilon) => contextPersonas({ contexts: 2, alpha: 0, epsilon }));
  const aligned = Float64Array.of(1, 0, 0, 0);
  expect(rare?.step(aligned, 1, new Float64Array(4))).toBe(2e-12);
  const out = new Float64Array(4).fill(7);
  expect(never?.step(aligned, 1, out)).toBe(0);
  expect(Array.from(out)).toEqual([7, 7, 7, 7]);
});

test("weights of 65536 blocks change in one pass", () => {
  const process = contextPersonas({ contexts: 16, alpha: 1 });
  const weights = new Float64Array(2 ** 16);
  weights.fill(1 / 2, 0, 2);
  const shifted = withBlockWeights(process, weights);
  expect(Array.from(shifted.initial.slice(0, 3))).toEqual([0.5, 0.5, 0]);
});
