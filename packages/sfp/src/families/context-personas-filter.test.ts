import {
  createKey,
  filterBeliefs,
  InvalidArgumentError,
  nextTokenDistribution,
  ShapeError,
  wordProbability,
  ZeroProbabilityError,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stochasticMatrix } from "../arbitraries/index.ts";
import { type ContextPersonas, contextPersonas } from "./context-personas.ts";
import { filterContextPersonas } from "./context-personas-filter.ts";
import { sampleContextPersonas } from "./context-personas-sample.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** A process of up to `most` contexts, with and without a chain. */
function contextProcess(most: number): fc.Arbitrary<ContextPersonas> {
  return fc.integer({ min: 1, max: most }).chain((contexts) =>
    fc
      .record({
        alpha: fc.oneof(unit, fc.constantFrom(0, 1)),
        epsilon: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        chain: fc.option(stochasticMatrix(contexts, contexts)),
      })
      .map(({ chain, ...rest }) =>
        contextPersonas({
          contexts,
          ...rest,
          ...(chain === null
            ? {}
            : {
                chain: Array.from({ length: contexts }, (_, k) =>
                  Array.from(chain.slice(k * contexts, (k + 1) * contexts)),
                ),
                initialContext: new Array(contexts).fill(1 / contexts),
              }),
        }),
      ),
  );
}

/** P(i_k = 1) of an enumerated belief, for every context. */
function alignment(process: ContextPersonas, belief: ArrayLike<number>): readonly number[] {
  const register = process.chain === undefined ? 1 : process.contexts;
  return Array.from({ length: process.contexts }, (_, k) =>
    Array.from(belief).reduce((sum, weight, s) => sum + ((Math.floor(s / register) >> k) & 1) * weight, 0),
  );
}

describe("filterContextPersonas", () => {
  test("agrees with enumeration to 1e-12: bits, probabilities, next tokens, log-likelihood", () => {
    fc.assert(
      fc.property(contextProcess(8), fc.nat(), (process, seed) => {
        const [count, length] = [2, 12];
        const { tokens } = sampleContextPersonas(process, { key: createKey(seed), count, length });
        const batch = { tokens, count, length };
        const exact = filterBeliefs(process, batch);
        const found = filterContextPersonas(process, batch, { withNextToken: true });
        const d = process.stateDim;
        const close = (x: number | undefined, y: number | undefined) =>
          expect(Math.abs((x ?? Number.NaN) - (y ?? Number.NaN))).toBeLessThan(1e-12);
        for (let i = 0; i < count; i++) {
          for (let t = 0; t < length; t++) {
            const at = i * length + t;
            close(found.probabilities[at], exact.probabilities[at]);
            const after = exact.beliefs.subarray((i * (length + 1) + t + 1) * d, (i * (length + 1) + t + 2) * d);
            alignment(process, after).forEach((value, k) => {
              close(found.misaligned[at * process.contexts + k], value);
            });
            const [w0 = 0, w1 = 0, w2 = 0] = found.hypotheses.subarray(3 * at, 3 * at + 3);
            close(w0 + w1 + w2, 1);
            if (process.stateDim > 100 || t % 5 > 0) continue;
            nextTokenDistribution(process, after).forEach((value, x) => {
              close(found.nextToken?.[at * 2 * process.contexts + x], value);
            });
          }
          const word = Array.from(tokens.subarray(i * length, (i + 1) * length));
          close(found.logLikelihoods[i], Math.log(wordProbability(process, word)));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("the hypotheses are those of Bayes' rule on the counts", () => {
    const [alpha, epsilon] = [0.3, 0.2];
    const process = contextPersonas({ contexts: 3, alpha, epsilon });
    const tokens = [1, 1, 0, 3, 2, 5]; // ones and zeros: (2, 1), (1, 1), (1, 0)
    const { hypotheses } = filterContextPersonas(process, { tokens, count: 1, length: 6 });
    const of = (ones: number, zeros: number, bit: number) =>
      bit === 1 ? (1 - epsilon) ** ones * epsilon ** zeros : epsilon ** ones * (1 - epsilon) ** zeros;
    const counts = [
      [2, 1],
      [1, 1],
      [1, 0],
    ] as const;
    const product = (value: (ones: number, zeros: number) => number) =>
      counts.reduce((joint, [ones, zeros]) => joint * value(ones, zeros), 1);
    const joint = [
      ((1 - alpha) / 2) * product((n, m) => of(n, m, 0)),
      ((1 - alpha) / 2) * product((n, m) => of(n, m, 1)),
      alpha * product((n, m) => (of(n, m, 0) + of(n, m, 1)) / 2),
    ];
    const total = joint.reduce((sum, value) => sum + value, 0);
    joint.forEach((value, h) => {
      expect(hypotheses[15 + h]).toBeCloseTo(value / total, 14);
    });
  });

  test("a hundred thousand tokens neither overflow nor lose the ratio of close hypotheses", () => {
    const process = contextPersonas({ contexts: 24, alpha: 0.5, epsilon: 0.1 });
    const length = 100_000;
    // in every context as many ones as zeros but for one more one in context 5: D = 1 there, 0 elsewhere
    const tokens = Int32Array.from({ length: length + 1 }, (_, t) => 2 * ((t >> 1) % 24) + (t % 2));
    tokens[length] = 11;
    const { misaligned, hypotheses, logLikelihoods } = filterContextPersonas(process, {
      tokens,
      count: 1,
      length: length + 1,
    });
    expect(misaligned.every((p) => p >= 0 && p <= 1)).toBe(true);
    const last = hypotheses.subarray(3 * length);
    // D = 1 in context 5 and 0 elsewhere: the likelihoods are in proportion 0.1 : 0.9 : (0.1 + 0.9) / 2
    expect(last[1]).toBeCloseTo(0.45, 10);
    expect((last[1] ?? 0) / (last[0] ?? 1)).toBeCloseTo(9, 10);
    expect(last[2]).toBeCloseTo(0.5, 10);
    expect(Number.isFinite(logLikelihoods[0])).toBe(true);
    const narrow = filterContextPersonas(process, { tokens: new Array(2000).fill(1), count: 1, length: 2000 });
    expect(narrow.hypotheses[5998]).toBeCloseTo(0.5, 12);
    expect(narrow.misaligned[1999 * 24 + 1]).toBeCloseTo(0.75, 12);
  });

  test("without noise a bit is known at once, and contradictions are impossible", () => {
    const process = contextPersonas({ contexts: 20, alpha: 0.5, epsilon: 0 });
    const { hypotheses, misaligned } = filterContextPersonas(process, { tokens: [1, 2], count: 1, length: 2 });
    expect(Array.from(hypotheses.slice(3))).toEqual([0, 0, 1]);
    expect(Array.from(misaligned.slice(20, 23))).toEqual([1, 0, 0.5]);
    const contradiction = () => filterContextPersonas(process, { tokens: [1, 1, 0], count: 1, length: 3 });
    expect(contradiction).toThrow(ZeroProbabilityError);
    expect(contradiction).toThrow("token 0 at position 2 of sequence 0 has probability 0");
    const shared = contextPersonas({ contexts: 20, alpha: 0, epsilon: 0 });
    expect(() => filterContextPersonas(shared, { tokens: [1, 2], count: 1, length: 2 })).toThrow(ZeroProbabilityError);
  });

  test("noise of one half teaches nothing", () => {
    const process = contextPersonas({ contexts: 30, alpha: 0.5, epsilon: 0.5 });
    const { hypotheses, misaligned } = filterContextPersonas(process, { tokens: [1, 1, 3], count: 1, length: 3 });
    expect(Array.from(hypotheses.slice(6))).toEqual([0.25, 0.25, 0.5]);
    expect(misaligned.every((p) => p === 0.5)).toBe(true);
  });

  test("sequences of a batch do not see each other, and the next-token law is there only on request", () => {
    const process = contextPersonas({ contexts: 20, alpha: 0.2 });
    const [first, second] = [
      [1, 5, 8],
      [0, 3, 9],
    ].map((tokens) => filterContextPersonas(process, { tokens, count: 1, length: 3 }));
    const both = filterContextPersonas(process, { tokens: [1, 5, 8, 0, 3, 9], count: 2, length: 3 });
    expect(Array.from(both.misaligned)).toEqual([...(first?.misaligned ?? []), ...(second?.misaligned ?? [])]);
    expect(Array.from(both.logLikelihoods)).toEqual([first?.logLikelihoods[0], second?.logLikelihoods[0]]);
    expect("nextToken" in both).toBe(false);
  });

  test("refuses bad batches by name", () => {
    const process = contextPersonas({ contexts: 24 });
    expect(() => filterContextPersonas(process, { tokens: [1], count: 1, length: 2 })).toThrow(ShapeError);
    for (const token of [48, -1, 0.5, Number.NaN]) {
      const call = () => filterContextPersonas(process, { tokens: [1, token], count: 1, length: 2 });
      expect(call).toThrow(InvalidArgumentError);
      expect(call).toThrow(`filterContextPersonas: token 1 of sequence 0 is ${token}`);
    }
  });
});
