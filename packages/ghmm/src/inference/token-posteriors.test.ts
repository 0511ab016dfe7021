import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, word } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, ZeroProbabilityError } from "../numeric/errors.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { hmmAndWord, separated } from "./_testing/instances.ts";
import { forwardBackward } from "./forward-backward.ts";
import { tokenPosteriors } from "./token-posteriors.ts";

const signedAndWord = gaugeTransformed({ maxStates: 3 }).chain((pair) =>
  word(pair.ghmm, 5).map((tokens) => ({ ...pair, tokens })),
);

describe("tokenPosteriors", () => {
  test.prop([signedAndWord], { numRuns: 60 })(
    "is P(word with x at t) over the sum for all x, with signs too",
    (instance) => {
      const { hmm, ghmm, tokens, condition } = instance;
      const size = hmm.alphabet.length;
      for (const process of [hmm, ghmm]) {
        const posteriors = tokenPosteriors(process, tokens);
        expect(posteriors.length).toBe(tokens.length * size);
        tokens.forEach((_, t) => {
          const joint = hmm.alphabet.map((_, x) => wordProbability(hmm, tokens.with(t, x)));
          const total = joint.reduce((a, b) => a + b, 0);
          joint.forEach((probability, x) => {
            const difference = Math.abs((posteriors[t * size + x] ?? Number.NaN) - probability / total);
            expect(difference).toBeLessThan(1e-11 * condition ** 2);
          });
        });
      }
    },
  );

  test("rows sum to one, and the last is the distribution after the belief", () => {
    const posteriors = tokenPosteriors(goldenMean({ p: 0.25 }), [0, 1, 0, 0]);
    for (let t = 0; t < 4; t++) expect((posteriors[2 * t] ?? 0) + (posteriors[2 * t + 1] ?? 0)).toBeCloseTo(1, 14);
    expect(posteriors[7]).toBeCloseTo(0.25, 14);
    expect(tokenPosteriors(goldenMean(), []).length).toBe(0);
  });

  test.prop([hmmAndWord], { numRuns: 30 })(
    "of an HMM: the smoothed states on both sides decide",
    ({ process, tokens }) => {
      // P(x_t | all others) is proportional to P(word with x at t); the ratio of two words is that of their likelihoods
      const size = process.alphabet.length;
      const posteriors = tokenPosteriors(process, tokens);
      tokens.forEach((token, t) => {
        const logs = process.alphabet.map((_, x) => forwardBackward(process, tokens.with(t, x)).logLikelihood);
        logs.forEach((log, x) => {
          const ratio = (posteriors[t * size + x] ?? 0) / (posteriors[t * size + token] ?? 0);
          expect(Math.abs(ratio / Math.exp(log - (logs[token] ?? 0)) - 1)).toBeLessThan(1e-9);
        });
      });
    },
  );

  test("bad input", () => {
    expect(() => tokenPosteriors(separated, [-1])).toThrow(InvalidArgumentError);
    expect(() => tokenPosteriors(goldenMean(), [0, 1, 1])).toThrow(ZeroProbabilityError);
    expect(() => tokenPosteriors(goldenMean(), [0, 1, 1])).toThrow('tokenPosteriors: token 1 ("1") at position 2');
  });
});
