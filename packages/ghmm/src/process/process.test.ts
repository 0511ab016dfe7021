import { describe, expect, expectTypeOf, test } from "vitest";
import { filterBeliefs } from "../belief/filter.ts";
import { logWordProbability, wordProbability } from "../belief/probability.ts";
import { sampleSequences } from "../belief/sample.ts";
import { beliefState, nextTokenDistribution, updateBelief } from "../belief/update.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { optimalLoss } from "../information/optimal-loss.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import type { Certificate, Process } from "./process.ts";
import { stationaryState } from "./stationary.ts";

/**
 * A process a user might write: K tokens, hidden state = last token, repeated with probability r, no stored matrices.
 *
 * `T^x[s, s'] = [s' = x] (r if s = x else (1 - r) / (K - 1))`.
 */
function stickyTokens(size: number, repeat: number): Process {
  const weight = (s: number, x: number): number => (s === x ? repeat : (1 - repeat) / (size - 1));
  return {
    alphabet: Array.from({ length: size }, (_, x) => `t${x}`),
    stateDim: size,
    initial: new Float64Array(size).fill(1 / size),
    normalizer: new Float64Array(size).fill(1),
    certificate: { kind: "hmm" },
    step(belief, token, out) {
      let probability = 0;
      for (let s = 0; s < size; s++) probability += (belief[s] ?? 0) * weight(s, token);
      if (probability <= 1e-12) return 0;
      out.fill(0);
      out[token] = 1;
      return probability;
    },
    operator(token) {
      const matrix = new Float64Array(size * size);
      for (let s = 0; s < size; s++) matrix[s * size + token] = weight(s, token);
      return matrix;
    },
  };
}

describe("a process of the user's own", () => {
  const process = stickyTokens(4, 0.7);

  test("beliefs and probabilities", () => {
    expect(Array.from(beliefState(process, [2, 3]))).toEqual([0, 0, 0, 1]);
    expect(wordProbability(process, [2, 2, 3])).toBeCloseTo(0.25 * 0.7 * 0.1, 15);
    expect(logWordProbability(process, [2, 2, 3], { unit: "bits" })).toBeCloseTo(Math.log2(0.25 * 0.7 * 0.1), 13);
    expect(nextTokenDistribution(process, [0, 1, 0, 0])[1]).toBeCloseTo(0.7, 15);
    expect(Array.from(updateBelief(process, [1, 1, 0, 0], 1))).toEqual([0, 1, 0, 0]);
  });

  test("its step agrees with its operators", () => {
    const belief = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const [out, expected] = [new Float64Array(4), new Float64Array(4)];
    for (let token = 0; token < 4; token++) {
      vectorTimesMatrix(belief, process.operator(token), 4, expected);
      const probability = process.step(belief, token, out);
      expect(probability).toBeCloseTo(dot(expected, process.normalizer), 15);
      out.forEach((value, s) => {
        expect(value * probability).toBeCloseTo(expected[s] ?? Number.NaN, 15);
      });
    }
  });

  test("stationary state, sampling, filtering", () => {
    for (const value of stationaryState(process)) expect(value).toBeCloseTo(0.25, 13);
    const sampled = sampleSequences(process, { count: 500, length: 20, key: createKey(9), withStates: true });
    // The state after a token is that token.
    for (let i = 0; i < 500; i++) {
      expect(sampled.states.slice(i * 21 + 1, (i + 1) * 21)).toEqual(sampled.tokens.slice(i * 20, (i + 1) * 20));
    }
    const { probabilities } = filterBeliefs(process, sampled);
    const repeats = probabilities.filter((p) => Math.abs(p - 0.7) < 1e-12).length;
    // 500 * 19 pairs, each a repeat with probability 0.7: five standard deviations are 223.
    expect(Math.abs(repeats - 0.7 * 9500)).toBeLessThan(223);
  });

  test("optimal loss", () => {
    const { loss } = optimalLoss(process, { length: 3, unit: "bits" });
    const rate = -0.7 * Math.log2(0.7) - 3 * 0.1 * Math.log2(0.1);
    expect(loss[0]).toBeCloseTo(2, 14);
    expect(loss[1]).toBeCloseTo(rate, 13);
    expect(loss[2]).toBeCloseTo(rate, 13);
  });

  test("composition", () => {
    const joint = tensorProduct(process, mess3({ x: 0.15, a: 0.6 }));
    expect(joint.alphabet[5]).toBe("t1,2");
    expect(wordProbability(joint, [5])).toBeCloseTo(1 / 12, 14);
    const basis = [
      [1, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 1, 1],
    ];
    const turned = changeBasis(process, basis);
    expect(wordProbability(turned, [1, 1, 0])).toBeCloseTo(wordProbability(process, [1, 1, 0]), 14);
  });
});

describe("Certificate", () => {
  test("has the five kinds", () => {
    expectTypeOf<Certificate["kind"]>().toEqualTypeOf<"hmm" | "similar-to-hmm" | "kraus" | "cone" | "unchecked">();
  });
});
