import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { along, certified, coneProcess, expectLaw } from "./_testing/brute-force.ts";
import { chainProduct } from "./chain-product.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

/** The tokens of the first factor, and the operators of the second that a word selects. */
function taken(first: Process, variants: readonly Process[], control: readonly number[], word: readonly number[]) {
  const size = variants[0]?.alphabet.length ?? 1;
  const u = word.map((token) => Math.floor(token / size));
  const c = word.map((token, t) => variants[control[u[t] ?? 0] ?? 0]?.operator(token % size) ?? new Float64Array(0));
  return { a: u.map((token) => first.operator(token)), c };
}

const chain = fc.tuple(hmm({ maxStates: 3, maxTokens: 2, stationary: false }), hmm({ maxStates: 2, maxTokens: 2 }));

describe("chainProduct", () => {
  test.prop([chain, fc.boolean()], { numRuns: 30 })(
    "words have the probability of the definition",
    ([first, c], flip) => {
      const variants = [c, withNoise(c, { epsilon: 0.4 })];
      const control = first.alphabet.map((_, u) => ((u % 2 === 1) === flip ? 1 : 0));
      const joint = chainProduct({ first, variants, control });
      expect(joint.certificate.kind).toBe("hmm");
      expectLaw(joint, 4, (word) => {
        const path = taken(first, variants, control, word);
        return along(first.initial, path.a, first.normalizer) * along(c.initial, path.c, c.normalizer);
      });
    },
  );

  test.prop([chain], { numRuns: 30 })(
    "beliefs are products, and the first factor's ignores the second (T10)",
    ([first, c]) => {
      const variants = first.alphabet.map((_, u) => withNoise(c, { epsilon: u / 2 }));
      const joint = chainProduct({ first, variants });
      const size = c.alphabet.length;
      const u = [0, first.alphabet.length - 1, 0];
      const belief = beliefState(
        joint,
        u.map((token) => token * size + size - 1),
      );
      beliefState(first, u).forEach((value, s) => {
        const row = belief.subarray(s * c.stateDim, (s + 1) * c.stateDim);
        expect(row.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(value, 12);
        row.forEach((entry, i) => {
          const other = belief.reduce((sum, all, j) => sum + (j % c.stateDim === i ? all : 0), 0);
          expect(entry).toBeCloseTo(value * other, 12);
        });
      });
    },
  );

  // Golden 35 (simplexity).
  test("coins", () => {
    const joint = chainProduct({
      first: coin({ p: 0.6 }),
      variants: [coin({ p: 0.7 }), coin({ p: 0.2 })],
      control: [0, 1],
    });
    [0.42, 0.18, 0.08, 0.32].forEach((p, token) => {
      expect(wordProbability(joint, [token])).toBeCloseTo(p, 14);
    });
  });

  test("one variant for all tokens is the independent product", () => {
    const [first, second] = [mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.1, a: 0.8 })];
    const joint = chainProduct({ first, variants: [second], control: [0, 0, 0] });
    const product = tensorProduct(first, second);
    expect(joint.alphabet).toEqual(product.alphabet);
    expectLaw(joint, 2, (word) => wordProbability(product, word));
  });

  test("a chain of three factors by nesting", () => {
    const pair = chainProduct({ first: coin({ p: 0.6 }), variants: [coin({ p: 0.7 }), coin({ p: 0.2 })] });
    const three = chainProduct({
      first: pair,
      variants: [coin({ p: 0.1 }), coin({ p: 0.9 })],
      control: [0, 1, 1, 0], // the exclusive or of the first two
    });
    expect(wordProbability(three, [2])).toBeCloseTo(0.6 * 0.3 * 0.9, 14);
    expect(wordProbability(three, [7])).toBeCloseTo(0.4 * 0.8 * 0.9, 14);
    expect(three.alphabet[7]).toBe("1,1,1");
  });

  test("certificates", () => {
    const cone = coneProcess();
    const noisy = { ...cone, operator: (token: number) => cone.operator((token + 1) % 3) };
    const kind = (first: Process, ...variants: Process[]) =>
      chainProduct({ first, variants, control: first.alphabet.map((_, u) => u % variants.length) }).certificate.kind;
    expect(kind(coin({ p: 0.5 }), cone, noisy)).toBe("cone");
    expect(kind(cone, coin({ p: 0.5 }), coin({ p: 0.2 }))).toBe("cone");
    const kraus = certified(coin({ p: 0.5 }), { kind: "kraus", dimension: 1 });
    expect(kind(kraus, coin({ p: 0.5 }), coin({ p: 0.2 }))).toBe("kraus");
    expect(kind(coin({ p: 0.5 }), kraus, coin({ p: 0.2 }))).toBe("unchecked");
    expect(kind(coin({ p: 0.5 }), kraus)).toBe("kraus");
  });

  test.prop([gaugeTransformed({ maxStates: 2, maxTokens: 2 })], { numRuns: 10 })(
    "variants in one gauge: the law is that of the HMMs",
    ({ hmm: process, ghmm }) => {
      const joint = chainProduct({ first: coin({ p: 0.5 }), variants: [ghmm], control: [0, 0] });
      const other = chainProduct({ first: coin({ p: 0.5 }), variants: [process], control: [0, 0] });
      expectLaw(joint, 2, (word) => wordProbability(other, word), 1e-9);
    },
  );

  test("bad input", () => {
    const first = coin({ p: 0.5 });
    const one = coin({ p: 0.2 });
    expect(() => chainProduct({ first, variants: [] })).toThrow(ShapeError);
    expect(() => chainProduct({ first, variants: [one] })).toThrow("1 variants for 2 tokens");
    expect(() => chainProduct({ first, variants: [one], control: [0] })).toThrow(ShapeError);
    expect(() => chainProduct({ first, variants: [one], control: [0, 1] })).toThrow("control[1] is 1");
    expect(() => chainProduct({ first, variants: [one], control: [0, Number.NaN] })).toThrow(InvalidArgumentError);
    expect(() => chainProduct({ first, variants: [one, mess3({ x: 0.1, a: 0.6 })] })).toThrow("has stateDim 3");
    const named = createHmm({ operators: [[[0.5]], [[0.5]]], alphabet: ["a", "b"] });
    expect(() => chainProduct({ first, variants: [one, named] })).toThrow('has alphabet ["a","b"]');
    const scaled = { ...one, normalizer: Float64Array.of(2) };
    expect(() => chainProduct({ first, variants: [one, scaled] })).toThrow("has normalizer 2");
    const large = { ...one, stateDim: 2 ** 13 };
    expect(() => chainProduct({ first, variants: [large], control: [0, 0] })).toThrow(UnsupportedError);
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    const first = coin({ p: 0.5 });
    for (const variants of [null, undefined, "01", [null, first], new Array(2)]) {
      expect(() => chainProduct({ first, variants: variants as never })).toThrow("chainProduct: variants");
    }
  });
});
