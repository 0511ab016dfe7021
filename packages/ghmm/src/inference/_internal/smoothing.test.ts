import { test } from "@fast-check/vitest";
import { expect } from "vitest";
import { hmmAndWord } from "../_testing/instances.ts";
import { hiddenMarkov } from "./hidden-markov.ts";
import { backwardPass, forwardPass, sumLog } from "./smoothing.ts";

test.prop([hmmAndWord], { numRuns: 40 })(
  "the weights of a step make its joint posterior, from any start",
  (instance) => {
    const { process, tokens } = instance;
    const model = hiddenMarkov("f", process);
    const { stateDim: d, transitions } = model;
    // the stretch lies inside a longer array
    const stretch = { tokens: Int32Array.of(0, ...tokens, 0), start: 1, length: tokens.length };
    const beliefs = new Float64Array((tokens.length + 1) * d);
    const probabilities = new Float64Array(tokens.length);
    expect(forwardPass(model, stretch, 0, beliefs, probabilities)).toBe(-1);
    const posteriors: number[][] = [];
    backwardPass(model, stretch, beliefs, probabilities, (t, posterior, weights) => {
      posteriors[t] = [...posterior];
      if (t === tokens.length) return;
      for (let next = 0; next < d; next++) {
        let sum = 0;
        for (let s = 0; s < d; s++) {
          const step = transitions[((tokens[t] ?? 0) * d + s) * d + next] ?? 0;
          sum += (beliefs[t * d + s] ?? 0) * step * (weights[next] ?? 0);
        }
        expect(sum).toBeCloseTo(posteriors[t + 1]?.[next] ?? Number.NaN, 12);
      }
    });
    expect(posteriors.length).toBe(tokens.length + 1);
  },
);

test.prop([hmmAndWord], { numRuns: 40 })("a limit of 1 stops at the first uncertain token", ({ process, tokens }) => {
  const model = hiddenMarkov("f", process);
  const space = new Float64Array((tokens.length + 1) * model.stateDim);
  const stretch = { tokens: Int32Array.from(tokens), start: 0, length: tokens.length };
  const at = forwardPass(model, stretch, 1 + 1e-9, space, new Float64Array(tokens.length));
  expect(at).toBe(tokens.length === 0 ? -1 : 0);
});

test("sumLog reads the first entries only", () => {
  expect(sumLog(Float64Array.of(0.5, 0.25, 0), 2)).toBeCloseTo(Math.log(0.125), 15);
});
