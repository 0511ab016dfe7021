import {
  chainProduct,
  coin,
  createHmm,
  evenOnes,
  goldenMean,
  hideFactors,
  InvalidArgumentError,
  mess3,
  minimalRealization,
  type Process,
  relabelTokens,
  ShapeError,
  tensorProduct,
  tomQuantum,
  UnsupportedError,
  wordProbability,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { gaugeTransformed, hmm } from "@semifactor/ghmm/arbitraries";
import { kroneckerVector, multiply } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chainedProcess, semiFactoredProcess } from "../arbitraries/index.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { findTensorStructure, type TensorStructureVerdict } from "./find-tensor-structure.ts";

const sizesOf = (first: Process, second: Process) => [first.alphabet.length, second.alphabet.length] as const;

/** Every word up to a length. */
function words(tokens: number, length: number): readonly (readonly number[])[] {
  if (length === 0) return [[]];
  const shorter = words(tokens, length - 1);
  const longest = shorter.filter((word) => word.length === length - 1);
  return [...shorter, ...longest.flatMap((word) => Array.from({ length: tokens }, (_, x) => [...word, x]))];
}

/** `eta T^h`, without normalisation. */
const stateAfter = (process: Process, word: readonly number[]): Float64Array =>
  word.reduce((state, token) => multiply(state, process.operator(token), process.stateDim), process.initial);

/** Largest difference between `eta T^h S` and `(eta_A A^u) (x) (eta_C C^y)`, over all words up to length 3. */
function basisError(process: Process, found: TensorStructureVerdict): number {
  if (!found.factored) return Number.POSITIVE_INFINITY;
  const [, columns] = found.tokenSizes;
  let worst = 0;
  for (const word of words(process.alphabet.length, 3)) {
    const joint = multiply(
      stateAfter(
        process,
        word.map((pair) => found.tokens[pair] ?? -1),
      ),
      found.basis,
      process.stateDim,
    );
    const u = stateAfter(
      found.factors[0],
      word.map((pair) => Math.floor(pair / columns)),
    );
    const y = stateAfter(
      found.factors[1],
      word.map((pair) => pair % columns),
    );
    kroneckerVector(u, y).forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - (joint[i] ?? 0)));
    });
  }
  return worst;
}

describe("findTensorStructure, with a split", () => {
  test("recovers factors and basis of products in random coordinates", () => {
    const factor = gaugeTransformed({ maxStates: 3, maxTokens: 2 });
    fc.assert(
      fc.property(factor, factor, (a, c) => {
        const joint = tensorProduct(a.ghmm, c.ghmm);
        const found = findTensorStructure(joint, { tokenSizes: sizesOf(a.ghmm, c.ghmm) });
        expect(found.factored).toBe(true);
        expect(found.ranks.joint).toBe(found.ranks.first * found.ranks.second);
        expect(basisError(joint, found)).toBeLessThan(1e-7);
      }),
      { numRuns: 30 },
    );
  });

  test("oracle: on random HMMs with random pairs of tokens, the verdict is that of all words up to length 3", () => {
    const joint = fc.oneof(
      hmm({ maxStates: 2, maxTokens: 4 }).filter(({ alphabet }) => alphabet.length === 4),
      chainedProcess()
        .filter(({ tokenSizes }) => tokenSizes.join() === "2,2")
        .map(({ process }) => process),
    );
    fc.assert(
      fc.property(joint, (process) => {
        const found = findTensorStructure(process, { tokenSizes: [2, 2] });
        const marginal = (hidden: number) => hideFactors(process, { sizes: [2, 2], hidden: [hidden] });
        const [first, second] = [marginal(1), marginal(0)];
        const product = (word: readonly number[]) =>
          wordProbability(
            first,
            word.map((pair) => pair >> 1),
          ) *
          wordProbability(
            second,
            word.map((pair) => pair & 1),
          );
        const differs = words(4, 3).filter((word) => Math.abs(wordProbability(process, word) - product(word)) > 1e-7);
        if (differs.length > 0) expect(found.factored).toBe(false);
        if (found.factored) return;
        expect(found.word.length).toBeLessThanOrEqual(differs[0]?.length ?? 4);
        expect(found.probabilities[0]).toBeCloseTo(wordProbability(process, found.word), 12);
        expect(found.probabilities[1]).toBeCloseTo(product(found.word), 12);
        expect(found.probabilities[0]).not.toBe(found.probabilities[1]);
      }),
      { numRuns: 40 },
    );
  });

  test("ranks of products of named processes; quantum ones too", () => {
    const cases = [
      [mess3({ x: 0.15, a: 0.6 }), zeroOneRandom({ p: 0.5 }), 3, 3],
      [tomQuantum({ alpha: 1, beta: 3 }), goldenMean({ p: 0.5 }), 3, 2],
      [coin({ p: 0.3 }), evenOnes({ p: 0.5 }), 1, 2],
    ] as const;
    for (const [a, c, first, second] of cases) {
      const found = findTensorStructure(tensorProduct(a, c), { tokenSizes: sizesOf(a, c) });
      expect(found).toMatchObject({ factored: true, ranks: { first, second, joint: first * second } });
      expect(found.factored && found.residual).toBeLessThan(1e-10);
    }
  });

  test("Z9 is a product at kappa 0 only; static labels at alpha 0 only; personas with Mess3 at theta 0 only", () => {
    const verdict = (process: Process) =>
      findTensorStructure(process, { tokenSizes: [2, process.alphabet.length / 2] }).factored;
    expect([0, 0.25, 1].map((kappa) => verdict(phaseLockedZ1r({ kappa })))).toEqual([true, false, false]);
    expect([0, 0.25, 1].map((alpha) => verdict(staticLabels({ alpha })))).toEqual([true, false, false]);
    expect([0, 0.25, 1].map((theta) => verdict(personaMess3({ theta })))).toEqual([true, false, false]);
  });

  test("the same operators from a correlated start are no product: the start counts, not only the operators", () => {
    const found = findTensorStructure(phaseLockedZ1r({ alpha: 0.5 }), { tokenSizes: [2, 2] });
    expect(found.factored).toBe(false);
    // theory notes, 2.4: both factor processes stay Z1R(1/2)
    expect(found.ranks).toMatchObject({ first: 3, second: 3 });
    expect(found.reason).toContain("not a product");
  });

  test("a chain is not a product, although its operators are", () => {
    const process = chainProduct({
      first: goldenMean({ p: 0.5 }),
      variants: [mess3({ x: 0.15, a: 0.6 }), mess3({ x: 0.05, a: 0.85 })],
    });
    const found = findTensorStructure(process, { tokenSizes: [2, 3] });
    expect(found.factored).toBe(false);
  });

  test("copies of states do not hide a product", () => {
    const [a, c] = [goldenMean({ p: 0.5 }), zeroOneRandom({ p: 0.3 })];
    // every row of Z1R entered through two equal copies of its first state
    const split = (m: Float64Array) =>
      [0, 0, 1, 2].map((from) => [0.4, 0.6, 1, 1].map((share, to) => share * (m[3 * from + Math.max(0, to - 1)] ?? 0)));
    const cloned = createHmm({ operators: [split(c.operator(0)), split(c.operator(1))] });
    const joint = tensorProduct(a, cloned);
    const found = findTensorStructure(joint, { tokenSizes: [2, 2] });
    expect(found.ranks).toEqual({ first: 2, second: 3, joint: 6 });
    expect(basisError(joint, found)).toBeLessThan(1e-12);
    expect(found.factored && found.basis.length).toBe(8 * 6);
  });

  test("with one part of one token, every process is a product with the trivial process", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const found = findTensorStructure(process, { tokenSizes: [1, 3] });
    expect(found).toMatchObject({ factored: true, ranks: { first: 1, second: 3, joint: 3 } });
  });

  test("refuses two clocks from a known phase: independent, but of rank 2 and not 2 x 2", () => {
    const clock = (initial: readonly number[]) =>
      createHmm({
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
        initial,
      });
    // theory notes, T32: rank 4 from the stationary start, 2 from the pure start (0, 0)
    const stationary = tensorProduct(clock([0.5, 0.5]), clock([0.5, 0.5]));
    expect(findTensorStructure(stationary, { tokenSizes: [2, 2] }).ranks.joint).toBe(4);
    const pure = tensorProduct(clock([1, 0]), clock([1, 0]));
    expect(() => findTensorStructure(pure, { tokenSizes: [2, 2] })).toThrow(UnsupportedError);
    expect(() => findTensorStructure(pure, { tokenSizes: [2, 2] })).toThrow("rank 2 and not 2 x 2");
  });

  test("refuses sizes that are none", () => {
    const process = phaseLockedZ1r();
    expect(() => findTensorStructure(process, { tokenSizes: [2, 3] })).toThrow(ShapeError);
    expect(() => findTensorStructure(process, JSON.parse('{ "tokenSizes": [2, 2, 1] }'))).toThrow("has 3 entries");
    expect(() => findTensorStructure(process, { tokenSizes: [2, 2], tolerance: 0 })).toThrow(InvalidArgumentError);
  });
});

describe("findTensorStructure, without a split", () => {
  test("finds shuffled tokens again, in shuffled coordinates", () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 });
    const product = tensorProduct(evenOnes({ p: 0.4 }), mess3({ x: 0.15, a: 0.6 }));
    fc.assert(
      fc.property(order, (shuffle) => {
        const process = relabelTokens(product, shuffle);
        const { splits, tried } = findTensorStructure(process);
        expect(tried).toBe(60);
        expect(splits.length).toBe(1);
        const [found] = splits;
        const rows = [0, 1].map((u) =>
          (found?.tokens.slice(3 * u, 3 * u + 3) ?? []).map((token) => shuffle[token] ?? -1).sort(),
        );
        expect(rows.sort()).toEqual([
          [0, 1, 2],
          [3, 4, 5],
        ]);
        expect(found === undefined ? 1 : basisError(process, found)).toBeLessThan(1e-9);
      }),
      { numRuns: 5 },
    );
  });

  test("four equal tokens without memory are a product in all three ways, and nothing prefers one", () => {
    const process = tensorProduct(coin({ p: 0.5 }), coin({ p: 0.5 }));
    const { splits, factored, reason } = findTensorStructure(process);
    expect([splits.length, factored]).toEqual([3, true]);
    expect(reason).toContain("3 of the 3 arrangements");
  });

  test("coupled processes have none, and the reason says what is not decided", () => {
    fc.assert(
      fc.property(
        semiFactoredProcess({ maxTokens: 4 }).filter(({ alphabet }) => alphabet.length === 4),
        (process) => {
          const minimal = minimalRealization(process);
          fc.pre(minimal.rank > 2);
          const { factored, splits, reason } = findTensorStructure(process);
          expect(splits.length).toBe(0);
          expect(factored).toBe(false);
          expect(reason).toContain("none of the 3 arrangements");
          expect(reason).toContain("without a declared structure");
        },
      ),
      { numRuns: 5 },
    );
    const { factored } = findTensorStructure(phaseLockedZ1r({ kappa: 1 }));
    expect(factored).toBe(false);
  });

  test("a prime number of tokens is no grid, and more than 9 are not searched", () => {
    expect(findTensorStructure(mess3({ x: 0.15, a: 0.6 }))).toMatchObject({ factored: false, tried: 0 });
    const ten = createHmm({ operators: Array.from({ length: 10 }, () => [[0.1]]) });
    expect(() => findTensorStructure(ten)).toThrow("findTensorStructure: the arrangements of 10 tokens");
    expect(() => findTensorStructure(JSON.parse("null"))).toThrow("findTensorStructure: process is no process");
  });
});
