import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { dot, matrixTimesVector, vectorTimesMatrix } from "../numeric/matrix.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { withStorage } from "../process/with-storage.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { clock } from "./_testing/clock.ts";
import { keepFactors } from "./_testing/keep-factors.ts";
import { backwardSpace, forwardSpace, type KrylovSpace } from "./krylov.ts";

/** All `eta0 T^h`, or all `T^h w`, with up to `length` tokens, scaled to length one. */
function images(process: Process, columns: boolean, length: number): readonly Float64Array[] {
  const unit = (vector: Float64Array) => vector.map((value) => value / (Math.hypot(...vector) || 1));
  let level = [unit(columns ? process.normalizer : process.initial)];
  const all = [...level];
  for (let t = 0; t < length; t++) {
    level = level.flatMap((vector) =>
      process.alphabet.map((_, token) => {
        if (columns) return unit(matrixTimesVector(process.operator(token), vector));
        const out = new Float64Array(process.stateDim);
        vectorTimesMatrix(vector, process.operator(token), process.stateDim, out);
        return unit(out);
      }),
    );
    all.push(...level);
  }
  return all;
}

function rankOf(vectors: readonly Float64Array[], d: number): number {
  const { values } = singularValueDecomposition(
    vectors.flatMap((vector) => Array.from(vector)),
    [vectors.length, d],
  );
  return values.filter((value) => value > 1e-8 * (values[0] ?? 0)).length;
}

function expectOrthonormalSpan({ dimension, basis }: KrylovSpace, vectors: readonly Float64Array[]): void {
  expect(basis).toHaveLength(dimension);
  basis.forEach((a, i) => {
    basis.forEach((b, j) => {
      expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 12);
    });
  });
  for (const vector of vectors) {
    const length = Math.hypot(...basis.map((unit) => dot(unit, vector)));
    expect(length).toBeCloseTo(Math.hypot(...vector), 7);
  }
}

const anyProcess = fc.oneof(
  hmm({ stationary: false, maxTokens: 2 }),
  gaugeTransformed({ maxStates: 3, maxTokens: 2 }).map(({ ghmm }) => ghmm),
  hmm({ maxStates: 2, maxTokens: 2 }).map((a) => tensorProduct(a, a)),
);

describe("forwardSpace and backwardSpace", () => {
  test.prop([anyProcess], { numRuns: 25 })("span the images of all words up to length d - 1", (process) => {
    for (const columns of [false, true]) {
      const space = columns ? backwardSpace(process) : forwardSpace(process);
      const vectors = images(process, columns, process.stateDim - 1);
      expectOrthonormalSpan(space, vectors);
      expect(space.dimension).toBeGreaterThanOrEqual(rankOf(vectors, process.stateDim));
    }
  });

  test.prop([hmm({ maxStates: 3, stationary: false }), hmm({ maxStates: 3 }), fc.boolean()], { numRuns: 6 })(
    "a product that keeps its factors has the spaces of the product written out",
    (a, c, stationary) => {
      const second = stationary ? c : a;
      const product = tensorProduct(c, second, tensorProduct(second, c));
      if (product.storage?.kind !== "kronecker") return;
      const dense = withStorage(product, "dense");
      expect(forwardSpace(product).dimension).toBe(forwardSpace(dense).dimension);
      expect(backwardSpace(product).dimension).toBe(backwardSpace(dense).dimension);
      expectOrthonormalSpan(forwardSpace(product), forwardSpace(dense).basis);
      expectOrthonormalSpan(backwardSpace(product), backwardSpace(dense).basis);
    },
  );

  // Two clocks of period two that start in phase: their pairs of words have equal length, so the phases stay equal (THEORY T32).
  test("the forward space of a product of periodic factors is smaller than the product of the spaces", () => {
    const pair = tensorProduct(clock, clock);
    expect(forwardSpace(clock).dimension).toBe(2);
    expect(forwardSpace(pair).dimension).toBe(2);
    expect(backwardSpace(pair).dimension).toBe(4);
    expect(forwardSpace(keepFactors(clock, clock)).dimension).toBe(2);
    expect(backwardSpace(keepFactors(clock, clock)).dimension).toBe(4);
    const stationary = createHmm({
      operators: [
        [
          [0, 1],
          [0, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
      initial: [0.5, 0.5],
    });
    expect(forwardSpace(tensorProduct(stationary, stationary)).dimension).toBe(4);
  });

  test("a product of five factors, 243 states and 432 tokens, without its operators written out", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const product = tensorProduct(factor, factor, factor, factor, zeroOneRandom({ p: 0.5 }));
    expect(forwardSpace(product).dimension).toBe(243);
    expect(backwardSpace(product).dimension).toBe(243);
  });

  test("a rare token counts: the scale is that of its own operator", () => {
    const rare = 1e-11;
    const process = createHmm({
      operators: [
        [
          [1 - rare, 0],
          [0, 1],
        ],
        [
          [0, rare],
          [0, 0],
        ],
      ],
      initial: [1, 0],
    });
    expect(forwardSpace(process).dimension).toBe(2);
    expect(backwardSpace(process).dimension).toBe(2);
  });

  test("tolerance: directions that are weaker count as none", () => {
    const process = mess3({ x: 0.15, a: 1 / 3 + 1e-6 });
    expect(backwardSpace(process).dimension).toBe(3);
    expect(backwardSpace(process, { tolerance: 1e-4 }).dimension).toBe(1);
  });

  test("bad input", () => {
    for (const tolerance of [0, -1, 1, Number.NaN]) {
      expect(() => forwardSpace(coin({ p: 0.5 }), { tolerance })).toThrow(InvalidArgumentError);
      expect(() => backwardSpace(coin({ p: 0.5 }), { tolerance })).toThrow(`backwardSpace: tolerance is ${tolerance}`);
    }
    const large = { ...coin({ p: 0.5 }), stateDim: 2 ** 13 };
    expect(() => forwardSpace(large)).toThrow(UnsupportedError);
    const many = { ...coin({ p: 0.5 }), stateDim: 2 ** 12, alphabet: new Array<string>(8).fill("x") };
    expect(() => backwardSpace(many)).toThrow("the operators have 134217728 entries");
  });
});
