import {
  beliefState,
  createHmm,
  createKey,
  filterBeliefs,
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  nextTokenDistribution,
  optimalLoss,
  ShapeError,
  sampleSequences,
  singularValueDecomposition,
  UnsupportedError,
  wordProbability,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryEntropy, blockEntropyCurve, entropyBits, wordsOfLength } from "../_testing/words.ts";
import { operatorSchmidt } from "../discover/operator-schmidt.ts";
import { blockWeights, withBlockWeights } from "../structure/blocks.ts";
import { marginals } from "../structure/marginals.ts";
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
    expect(() => contextPersonas({ contexts: 65 })).toThrow("contextPersonas: contexts is 65");
    const chain = [
      [1, 0],
      [0, 1],
    ];
    expect(() => contextPersonas({ contexts: 2, chain })).toThrow(NonUniqueStationaryStateError);
    expect(() => contextPersonas({ contexts: 3, chain })).toThrow(ShapeError);
    expect(() => contextPersonas({ contexts: 2, chain: [[1, 0], [1]] })).toThrow(
      "contextPersonas: chain[1] has 1 entries",
    );
    expect(() =>
      contextPersonas({
        contexts: 2,
        chain: [
          [1, 0],
          [0.5, 0.6],
        ],
      }),
    ).toThrow("chain[1] sums to 1.1");
    expect(() => contextPersonas({ contexts: 2, chain, initialContext: [2, -1] })).toThrow("initialContext[0] is 2");
    expect(() => contextPersonas({ contexts: 2, initialContext: [1, 0] })).toThrow("without a chain");
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

describe("contexts in a Markov chain", () => {
  const chain = [
    [0.5, 0.5, 0],
    [0, 0.25, 0.75],
    [1, 0, 0],
  ];
  const process = contextPersonas({ contexts: 3, alpha: 0.4, epsilon: 0.2, chain });

  test("T^(k,u) = diag_i P(u | i_k) (x) C^k, state (assignment, context)", () => {
    expect(process.structure.factors.map(({ name, dimension }) => [name, dimension])).toEqual([
      ["assignment", 8],
      ["context", 3],
    ]);
    const operator = process.operator(3); // context 1, u = 1
    for (let i = 0; i < 8; i++) {
      for (let c = 0; c < 3; c++) {
        for (let to = 0; to < 24; to++) {
          const expected = c === 1 && Math.floor(to / 3) === i ? (i & 2 ? 0.8 : 0.2) * (chain[1]?.[to % 3] ?? 0) : 0;
          expect(operator[(3 * i + c) * 24 + to]).toBeCloseTo(expected, 15);
        }
      }
    }
    for (let token = 0; token < 6; token++) expect(operatorSchmidt(process.operator(token), [8, 3]).rank).toBe(1);
  });

  test("is the process that createHmm makes of its operators, and the checked constructor accepts it", () => {
    const written = createHmm({
      operators: process.alphabet.map((_, token) => {
        const operator = process.operator(token);
        return Array.from({ length: 24 }, (_, s) => operator.subarray(24 * s, 24 * (s + 1)));
      }),
      initial: process.initial,
    });
    const checked = semiFactored({ process: written, structure: process.structure, blocks: process.partition });
    expect(checked).toMatchObject({ kind: "sector", strong: true, defect: 0 });
    expect([process.kind, process.strong, process.partition.blocks.length]).toEqual(["sector", true, 8]);
    for (const { tokens, probability, belief } of wordsOfLength(process, 4)) {
      expect(wordProbability(written, tokens)).toBeCloseTo(probability, 15);
      const other = beliefState(written, tokens);
      belief.forEach((value, s) => {
        expect(value).toBeCloseTo(other[s] ?? -1, 13);
      });
    }
  });

  test("a step may write over the belief it reads", () => {
    const belief = process.initial.slice();
    const fresh = new Float64Array(24);
    expect(process.step(belief, 1, fresh)).toBe(process.step(belief, 1, belief));
    expect(belief).toEqual(fresh);
  });

  test("starts in the stationary law of the chain, or where it is told to", () => {
    const { initialContext } = process;
    chain.forEach((_, to) => {
      const next = chain.reduce((sum, row, from) => sum + (initialContext[from] ?? 0) * (row[to] ?? 0), 0);
      expect(next).toBeCloseTo(initialContext[to] ?? -1, 14);
    });
    const told = contextPersonas({ contexts: 3, chain, initialContext: [0, 0, 1] });
    expect(Array.from(marginals(told.structure, told.initial)[1])).toEqual([0, 0, 1]);
    expect(told.step(told.initial, 0, new Float64Array(24))).toBe(0);
  });

  test("the bits are learned as without a chain: the contexts say nothing about them", () => {
    const plain = contextPersonas({ contexts: 3, alpha: 0.4, epsilon: 0.2 });
    for (const { tokens, belief } of wordsOfLength(process, 4)) {
      const [first] = marginals(process.structure, belief);
      const other = beliefState(plain, tokens);
      first.forEach((value, i) => {
        expect(value).toBeCloseTo(other[i] ?? -1, 13);
      });
    }
  });
});

describe("more contexts than can be enumerated", () => {
  test.each([17, 24, 64])("%d contexts have their parameters, tokens and sizes", (contexts) => {
    const process = contextPersonas({ contexts, alpha: 0.25 });
    expect([process.enumerated, process.stateDim, process.alphabet.length]).toEqual([
      false,
      2 ** contexts,
      2 * contexts,
    ]);
    expect([process.kind, process.strong, process.defect, process.tokenSizes]).toEqual([
      "sector",
      true,
      0,
      [contexts, 2],
    ]);
    expect([process.alphabet[3], process.alpha, process.epsilon, process.chain]).toEqual(["1,1", 0.25, 0.1, undefined]);
  });

  test("what needs every assignment says what to use instead", () => {
    const chain = Array.from({ length: 24 }, (_, k) =>
      Array.from({ length: 24 }, (_, next) => (next === (k + 1) % 24 ? 1 : 0)),
    );
    const process = contextPersonas({ contexts: 24, chain, initialContext: chain[3] ?? [] });
    expect(process.stateDim).toBe(24 * 2 ** 24);
    const uses = {
      initial: () => process.initial,
      normalizer: () => process.normalizer,
      structure: () => process.structure,
      partition: () => process.partition,
      step: () => process.step([], 0, new Float64Array(0)),
      operator: () => process.operator(0),
    };
    for (const [name, use] of Object.entries(uses)) {
      expect(use).toThrow(UnsupportedError);
      expect(use).toThrow(`contextPersonas: ${name} needs all 2^24 assignments. Use filterContextPersonas`);
    }
    expect(() => wordProbability(process, [0])).toThrow(UnsupportedError);
  });
});
