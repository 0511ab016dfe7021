import { describe, expect, test } from "vitest";
import { certifyBySigns, checkShortWords } from "./certificate.ts";
import { denseStorage } from "./storage/dense.ts";

const one = Float64Array.of(1);

describe("certifyBySigns", () => {
  test("signs and the normalizer decide", () => {
    const half = [Float64Array.of(0.5), Float64Array.of(0.5)];
    expect(certifyBySigns(half, one, one)).toEqual({ kind: "hmm" });
    expect(certifyBySigns(half, Float64Array.of(0.5), Float64Array.of(2))).toEqual({ kind: "cone", rays: [one] });
    expect(certifyBySigns([Float64Array.of(1.5), Float64Array.of(-0.5)], one, one)).toBeUndefined();
    expect(certifyBySigns(half, Float64Array.of(-1), Float64Array.of(-1))).toBeUndefined();
  });
});

describe("checkShortWords", () => {
  // A state (1, r) that emits 1 with probability (1 - r) / 2 and then has r / (1 / 2 - r / 2): r grows past 1 at some length.
  const operators = [Float64Array.of(0.5, 0, 0.5, 0), Float64Array.of(0.5, 0, -0.5, 1)];
  const initial = (r: number): Float64Array => Float64Array.of(1, r);
  const normalizer = Float64Array.of(1, 0);
  const check = (r: number, budget?: number) =>
    checkShortWords("f", denseStorage(operators, 2), 2, { initial: initial(r), normalizer }, budget);

  test("finds the first negative word, and only within its budget", () => {
    // r = 0.3: after "1", r = 0.3 / 0.35 = 0.857; after "11", 0.857 / 0.071 = 12; then P(1 | 11) < 0.
    expect(() => check(0.3)).toThrow("the word [1, 1, 1] has probability -");
    expect(() => check(0.3, 6)).not.toThrow();
    expect(() => check(0.3, 14)).toThrow();
  });

  test("keeps no more states than the next length needs", () => {
    // 2^26 numbers in the states of 1024 tokens would be kept for words of two tokens, which are not tested
    const d = 2 ** 16;
    const states = new Set<Float64Array>();
    const apply = (_: ArrayLike<number>, token: number, out: Float64Array) => {
      states.add(out);
      out[0] = token === 0 ? 0 : 1 / 1024;
    };
    const parts = { initial: new Float64Array(d).fill(1, 0, 1), normalizer: new Float64Array(d).fill(1) };
    const certificate = checkShortWords("f", { apply }, 1024, parts);
    expect(certificate).toEqual({ kind: "unchecked", wordLength: 1, smallestProbability: 0 });
    expect(states.size).toBeLessThan(8);
  });

  test("states that overflow", () => {
    const growing = [Float64Array.of(0.5, 0, 0, 1e300), Float64Array.of(0.5, 0, 0, -1e300)];
    const parts = { initial: initial(1), normalizer: Float64Array.of(1, 1e-300) };
    expect(() => checkShortWords("f", denseStorage(growing, 2), 2, parts)).toThrow("f: the word [");
  });

  test("the fixed point of the growth is allowed, and the evidence says how far it was tested", () => {
    const certificate = check(0);
    // 2 + 4 + ... + 2^11 = 4094 applications; every word of 11 fair tosses has probability 2^-11
    expect(certificate).toEqual({ kind: "unchecked", wordLength: 11, smallestProbability: 2 ** -11 });
  });
});
