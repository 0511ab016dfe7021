import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, redundantHmm, word } from "../arbitraries/index.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { beliefEntropy } from "./belief-entropy.ts";

const mess = mess3({ x: 0.15, a: 0.6 });

describe("beliefEntropy", () => {
  test.prop([hmm().chain((process) => fc.tuple(fc.constant(process), word(process)))])(
    "is between zero and the logarithm of the number of states, and scale-free",
    ([process, tokens]) => {
      const belief = beliefState(process, tokens);
      const entropy = beliefEntropy(process, belief);
      expect(entropy).toBeGreaterThanOrEqual(0);
      expect(entropy).toBeLessThan(Math.log2(process.stateDim) + 1e-12);
      const tripled = belief.map((value) => 3 * value);
      expect(beliefEntropy(process, tripled, { unit: "nats" })).toBeCloseTo(entropy * Math.LN2, 12);
    },
  );

  test.prop([redundantHmm()])("a cloned state adds the entropy of the choice between its copies", (pair) => {
    const { hmm: process, redundant, state, ratio } = pair;
    const weight = process.initial[state] ?? 0;
    const choice = -ratio * Math.log2(ratio) - (1 - ratio) * Math.log2(1 - ratio);
    const added = beliefEntropy(redundant, redundant.initial) - beliefEntropy(process, process.initial);
    expect(added).toBeCloseTo(weight * choice, 10);
  });

  test.prop([gaugeTransformed()], { numRuns: 10 })("refuses signed processes", ({ ghmm }) => {
    expect(() => beliefEntropy(ghmm, ghmm.initial)).toThrow(UnsupportedError);
  });

  test("bad input", () => {
    const quantum = tomQuantum({ alpha: 1, beta: 3 });
    expect(() => beliefEntropy(quantum, quantum.initial)).toThrow('the certificate of the process is "kraus"');
    expect(() => beliefEntropy(mess, [0.5, 0.5])).toThrow(ShapeError);
    expect(() => beliefEntropy(mess, [1, Number.NaN, 0])).toThrow(InvalidArgumentError);
    expect(() => beliefEntropy(mess, [2, -1, 0])).toThrow("entry 1 of the belief is -1");
  });
});
