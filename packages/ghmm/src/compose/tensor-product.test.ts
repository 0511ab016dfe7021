import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { optimalLoss } from "../information/optimal-loss.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { kroneckerVector } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { fanizza } from "../processes/fanizza.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { coarseGrainTokens } from "./coarse-grain-tokens.ts";
import { mixture } from "./mixture.ts";
import { tensorProduct } from "./tensor-product.ts";

const pairAndWords = fc
  .tuple(hmm({ maxStates: 3, stationary: false }), gaugeTransformed({ maxStates: 3 }), fc.nat(5))
  .chain(([a, { ghmm, condition }, length]) =>
    fc.record({
      a: fc.constant(a),
      c: fc.constant(ghmm),
      condition: fc.constant(condition),
      u: fc.array(fc.nat(a.alphabet.length - 1), { minLength: length, maxLength: length }),
      y: fc.array(fc.nat(ghmm.alphabet.length - 1), { minLength: length, maxLength: length }),
    }),
  );

describe("tensorProduct (T9)", () => {
  test.prop([pairAndWords], { numRuns: 50 })("probabilities multiply and beliefs are products", (instance) => {
    const { a, c, condition, u, y } = instance;
    const joint = tensorProduct(a, c);
    const tokens = u.map((token, t) => token * c.alphabet.length + (y[t] ?? 0));
    const tolerance = 1e-11 * condition ** 2;
    expect(Math.abs(wordProbability(joint, tokens) - wordProbability(a, u) * wordProbability(c, y))).toBeLessThan(
      tolerance,
    );
    const expected = kroneckerVector(beliefState(a, u), beliefState(c, y));
    beliefState(joint, tokens).forEach((value, s) => {
      expect(Math.abs(value - (expected[s] ?? Number.NaN))).toBeLessThan(tolerance);
    });
  });

  test("optimal losses add", () => {
    const [a, c] = [zeroOneRandom({ p: 0.5 }), mess3({ x: 0.15, a: 0.6 })];
    const [lossA, lossC, joint] = [a, c, tensorProduct(a, c)].map(
      (process) => optimalLoss(process, { length: 5 }).loss,
    );
    joint?.forEach((value, t) => {
      expect(value).toBeCloseTo((lossA?.[t] ?? 0) + (lossC?.[t] ?? 0), 11);
    });
  });

  test("names and sizes", () => {
    const joint = tensorProduct(coin({ p: 0.6 }), zeroOneRandom({ p: 0.5 }));
    expect(joint.alphabet).toEqual(["0,0", "0,1", "1,0", "1,1"]);
    expect([joint.stateDim, joint.certificate.kind]).toEqual([3, "hmm"]);
  });

  // Golden 33 (simplexity): independent coins.
  test("coins", () => {
    const joint = tensorProduct(coin({ p: 0.6 }), coin({ p: 0.7 }));
    [0.42, 0.18, 0.28, 0.12].forEach((p, token) => {
      expect(wordProbability(joint, [token])).toBeCloseTo(p, 14);
    });
  });

  // Golden 34 (simplexity): three coins.
  test("three coins", () => {
    const joint = tensorProduct(coin({ p: 0.5 }), coin({ p: 0.6 }), coin({ p: 0.7 }));
    [0.21, 0.09, 0.14, 0.06, 0.21, 0.09, 0.14, 0.06].forEach((p, token) => {
      expect(wordProbability(joint, [token])).toBeCloseTo(p, 14);
    });
  });

  // Golden 31 (simplexity): tokens are numbered with the first factor slowest.
  test("joint tokens", () => {
    const three = createHmm({ operators: [[[0.5]], [[0.3]], [[0.2]]] });
    expect(tensorProduct(coin({ p: 0.5 }), three).alphabet[5]).toBe("1,2");
    const triple = tensorProduct(coin({ p: 0.5 }), coin({ p: 0.5 }), coin({ p: 0.5 }));
    expect(triple.alphabet.indexOf("1,0,1")).toBe(5);
  });

  // Golden 32 (simplexity): a joint alphabet of some pairs only is a product whose other tokens never occur, read by name.
  test("joint tokens of which some never occur", () => {
    const alphabet = ["0,0", "1,0", "1,1"];
    const components = [tensorProduct(coin({ p: 0 }), coin({ p: 0.5 })), tensorProduct(coin({ p: 1 }), coin({ p: 1 }))];
    const joint = mixture({ components, weights: [0.8, 0.2] });
    const sparse = coarseGrainTokens(joint, [0, 3, 1, 2], { alphabet: [...alphabet, "0,1"] });
    expect([sparse.alphabet.indexOf("1,0"), sparse.alphabet[2]]).toEqual([1, "1,1"]);
    expect(alphabet.map((_, token) => wordProbability(sparse, [token]))).toEqual([0.2, 0.4, 0.4]);
    expect(wordProbability(sparse, [3])).toBe(0);
  });

  test("pairs of names that join to the same name are refused", () => {
    const named = (...alphabet: string[]) => createHmm({ operators: [[[0.5]], [[0.5]]], alphabet });
    const product = () => tensorProduct(named("a", "a,b"), named("c", "b,c"));
    expect(product).toThrow(InvalidArgumentError);
    expect(product).toThrow('tensorProduct: alphabet[2] is "a,b,c", the same as alphabet[1]');
  });

  test("one process alone is refused by name", () => {
    const processes = [coin({ p: 0.5 })] as unknown as readonly [Process, Process];
    expect(() => tensorProduct(...processes)).toThrow(InvalidArgumentError);
    expect(() => tensorProduct(...processes)).toThrow(
      "tensorProduct: process 1 is undefined. Give two processes or more",
    );
  });

  test("a product with too many states or tokens is refused before it is made", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const many = () => tensorProduct(factor, factor, ...new Array<Process>(11).fill(factor));
    expect(many).toThrow(UnsupportedError);
    expect(many).toThrow("the product has 1594323 tokens and 1594323 states");
  });

  test("large products of unchecked processes: single tokens are tested, factor by factor", () => {
    const factor = fanizza({ alpha: 2000, lambda: 0.49 });
    const product = tensorProduct(factor, factor, ...new Array<Process>(8).fill(factor));
    expect([product.stateDim, product.alphabet.length]).toEqual([4 ** 10, 2 ** 10]);
    const smallest = Math.min(wordProbability(factor, [0]), wordProbability(factor, [1])) ** 10;
    expect(product.certificate).toEqual({
      kind: "unchecked",
      wordLength: 1,
      smallestProbability: expect.closeTo(smallest, 14),
    });
    const small = tensorProduct(factor, factor).certificate;
    expect(small).toMatchObject({ kind: "unchecked", wordLength: 5 });
  });

  test("products of products are products of all factors, unless a start was changed in between", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const triple = tensorProduct(factor, factor, factor);
    const joint = tensorProduct(triple, coin({ p: 0.5 }));
    expect(joint.storage).toMatchObject({ kind: "kronecker" });
    expect(joint.storage?.kind === "kronecker" && joint.storage.factors.length).toBe(4);
    const corner = { ...triple, initial: triple.initial.map((_, s) => (s === 0 ? 1 : 0)) };
    const other = tensorProduct(corner, coin({ p: 0.5 }));
    expect(other.initial).toEqual(corner.initial);
    expect(wordProbability(other, [5])).toBeCloseTo(wordProbability(corner, [2]) / 2, 14);
  });
});
