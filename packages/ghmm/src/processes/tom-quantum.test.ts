import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { netOperator } from "../process/validate.ts";
import { tomQuantum } from "./tom-quantum.ts";

const small = fc.double({ min: 0.1, max: 1, noNaN: true });
const large = fc.double({ min: 2, max: 5, noNaN: true });

describe("tomQuantum", () => {
  // GOLDENS 10 (recomputed): w = (3, 0, 0) there, where the scale of states is by sum; here w = (1, 0, 0).
  test("golden 10: normalizer, stationary state, and the other eigenvalues of the net operator", () => {
    const process = tomQuantum({ alpha: 1, beta: 4.3 });
    expect(Array.from(process.normalizer)).toEqual([1, 0, 0]);
    expect(Array.from(process.initial)).toEqual([1, 0, 0]);
    const net = netOperator([0, 1, 2, 3].map(process.operator), 3);
    [1, 0, 0, 0, 0.051308363263, 0, 0, 0, 0.051308363263].forEach((value, i) => {
      expect(net[i]).toBeCloseTo(value, 11);
    });
    expect(process.certificate).toEqual({
      kind: "kraus",
      dimension: 2,
      factors: [{ dimension: 2, coordinates: "bloch-xz" }],
    });
  });

  // GOLDENS 28 (recomputed)
  test("golden 28: words and belief", () => {
    const process = tomQuantum({ alpha: 1, beta: 4.3 });
    expect(wordProbability(process, [0])).toBe(1 / 4);
    expect(wordProbability(process, [0, 0])).toBeCloseTo(0.074668953781, 11);
    expect(wordProbability(process, [0, 1])).toBeCloseTo(0.050331046219, 11);
    expect(wordProbability(process, [3, 3, 3, 3])).toBeCloseTo(0.008617691104, 11);
    // the golden's belief (1/3, 0, 0.147084) has product 1 with (3, 0, 0)
    const belief = beliefState(process, [0]);
    expect(belief[1]).toBe(0);
    expect((belief[2] ?? 0) / 3).toBeCloseTo(0.147084, 6);
  });

  test.prop([small, large, fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 1, maxLength: 6 })])(
    "beliefs stay in the unit disc; the signs of alpha and beta rename plus and minus",
    (alpha, beta, word) => {
      const [, x = 0, z = 0] = beliefState(tomQuantum({ alpha, beta }), word);
      expect(x ** 2 + z ** 2).toBeLessThanOrEqual(1 + 1e-12);
      const probability = wordProbability(tomQuantum({ alpha, beta }), word);
      const swapped = word.map((token) => token ^ 1);
      expect(wordProbability(tomQuantum({ alpha: -alpha, beta }), swapped)).toBeCloseTo(probability, 14);
      expect(wordProbability(tomQuantum({ alpha, beta: -beta }), swapped)).toBeCloseTo(probability, 14);
    },
  );

  test("equal weights make the measurement sharp: z+ is never followed by z-", () => {
    expect(wordProbability(tomQuantum({ alpha: 1, beta: 1 }), [0, 1])).toBe(0);
  });

  test("not both weights are zero", () => {
    for (const tiny of [0, 1e-150]) {
      expect(() => tomQuantum({ alpha: 0, beta: tiny })).toThrow(InvalidArgumentError);
      expect(() => tomQuantum({ alpha: 0, beta: tiny })).toThrow("Give alpha and beta from -1000000 to 1000000");
    }
  });
});
