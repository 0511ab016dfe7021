import {
  createHmm,
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  type Process,
  ShapeError,
  tensorProduct,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextPersonas } from "../families/context-personas.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { bipartition } from "../structure/bipartition.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { operatorFactorization } from "./operator-factorization.ts";
import { operatorSchmidt } from "./operator-schmidt.ts";

/** Random HMMs of six states and two tokens. */
const sixStates = fc
  .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 72, maxLength: 72 })
  .map((weights) => {
    const row = (token: number, from: number) => weights.slice(12 * from + 6 * token, 12 * from + 6 * token + 6);
    const total = (from: number) => [...row(0, from), ...row(1, from)].reduce((sum, value) => sum + value, 0);
    const operator = (token: number) =>
      [0, 1, 2, 3, 4, 5].map((from) => row(token, from).map((value) => value / total(from)));
    return createHmm({ operators: [operator(0), operator(1)] });
  });

/** The last of three factors of dimension 3 moved between the first two. */
function relabelStates(process: Process): Process {
  const from = Array.from({ length: 27 }, (_, s) => [Math.floor(s / 9), s % 3, Math.floor(s / 3) % 3] as const);
  const old = from.map(([a, c, b]) => 9 * a + 3 * c + b);
  return createHmm({
    operators: process.alphabet.map((_, token) => {
      const operator = process.operator(token);
      return old.map((row) => old.map((column) => operator[row * 27 + column] ?? 0));
    }),
    initial: old.map((state) => process.initial[state] ?? 0),
  });
}

describe("operatorFactorization", () => {
  // theory notes, 4 and 2.6b: 1 - Fbar
  test.each([
    ...[0, 0.0054, 0.01741, 0.03344, 0.05187].map(
      (golden, i) => [`Z9 at kappa ${i / 4}`, phaseLockedZ1r({ kappa: i / 4 }), golden] as const,
    ),
    ...[0, 0.01168, 0.03685, 0.0687].map((golden, i) => {
      return [`P6 at p = .5 -+ ${i / 10}`, personaZ1r({ random: [0.5 - i / 10, 0.5 + i / 10] }), golden] as const;
    }),
    ...[0, 0.02152, 0.07259, 0.13621, 0.19534].map(
      (golden, i) => [`PM at theta ${i / 4}`, personaMess3({ theta: i / 4 }), golden] as const,
    ),
  ])("golden: %s", (_, process, golden) => {
    const { fbar, maxRank } = operatorFactorization(process, process.structure);
    expect(Math.abs(1 - fbar - golden)).toBeLessThan(6e-6);
    expect(maxRank).toBe(golden === 0 ? 1 : 2);
  });

  test("products have Fbar 1; Fbar stays in [0, 1] and is the same in both units", () => {
    fc.assert(
      fc.property(hmm({ maxStates: 3, maxTokens: 2 }), hmm({ maxStates: 3, maxTokens: 2 }), (a, c) => {
        const { fbar, maxRank } = operatorFactorization(tensorProduct(a, c), [a.stateDim, c.stateDim]);
        expect(fbar).toBeCloseTo(1, 12);
        expect(maxRank).toBe(1);
      }),
    );
    fc.assert(
      fc.property(sixStates, (process) => {
        const bits = operatorFactorization(process, [2, 3]);
        const nats = operatorFactorization(process, [2, 3], { unit: "nats" });
        expect(bits.fbar).toBeGreaterThanOrEqual(0);
        expect(bits.fbar).toBeLessThan(1);
        expect(nats.fbar).toBeCloseTo(bits.fbar, 12);
        expect(nats.meanEntropy).toBeCloseTo(bits.meanEntropy * Math.LN2, 12);
      }),
    );
  });

  test("the mean is that of the token law asked for", () => {
    const process = personaZ1r({ variant: "semi-s" });
    const entropies = [0, 1, 2, 3].map((token) => operatorSchmidt(process.operator(token), [2, 3]).entropy);
    entropies.forEach((entropy, token) => {
      const distribution = [0, 1, 2, 3].map((other) => (other === token ? 1 : 0));
      expect(operatorFactorization(process, [2, 3], { distribution }).meanEntropy).toBeCloseTo(entropy, 14);
    });
    // a two-state clock that starts in its first state: token 0 first, both tokens equally in the long run
    const clock = createHmm({
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
      initial: [1, 0],
    });
    expect([...operatorFactorization(clock, [2, 1]).distribution]).toEqual([1, 0]);
    const [first, second] = operatorFactorization(clock, [2, 1], { distribution: "stationary" }).distribution;
    expect(first).toBeCloseTo(0.5, 14);
    expect(second).toBeCloseTo(0.5, 14);
    expect(() => operatorFactorization(process, [2, 3], { distribution: "stationary" })).toThrow(
      NonUniqueStationaryStateError,
    );
  });

  test("a structure of more factors is its first factor and the rest", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    const process = tensorProduct(z1r, z1r, z1r);
    const phase = (name: string) => ({ name, dimension: 3 });
    const structure = tensorStructure({ factors: [phase("a"), phase("b"), phase("c")] });
    expect(operatorFactorization(process, structure)).toMatchObject({ dimensions: [3, 9], maxRank: 1 });
    // two coupled phases with a third between them: which side the third is on changes what is coupled
    const middle = relabelStates(tensorProduct(phaseLockedZ1r({ kappa: 1 }), z1r));
    expect(operatorFactorization(middle, bipartition(structure, ["b"])).maxRank).toBe(1);
    expect(operatorFactorization(middle, bipartition(structure, ["c"])).maxRank).toBe(2);
  });

  test("sees nothing inside a factor: personas per context are products of assignment and context, for every alpha", () => {
    // theory notes, 2.6: operator-Schmidt rank one for every alpha
    for (const alpha of [0, 0.5, 1]) {
      const process = contextPersonas({ contexts: 3, alpha });
      expect(operatorFactorization(process, [8, 1]).fbar).toBe(1);
    }
  });

  test("refuses other dimensions and distributions that are none", () => {
    const process = personaZ1r();
    expect(() => operatorFactorization(process, [2, 2])).toThrow(ShapeError);
    expect(() => operatorFactorization(process, [2, 3], { distribution: [1] })).toThrow(ShapeError);
    expect(() => operatorFactorization(process, [2, 3], { distribution: [1, 1, 0, 0] })).toThrow("sums to 2");
    expect(() => operatorFactorization(process, JSON.parse("null"))).toThrow("sides is null");
    expect(() => operatorFactorization(process, JSON.parse("[2, 3, 1]"))).toThrow("sides has 3 entries");
    expect(() => operatorFactorization(JSON.parse("{}"), [2, 3])).toThrow("process is no process");
    const unknown = JSON.parse('{ "distribution": "final" }');
    expect(() => operatorFactorization(process, [2, 3], unknown)).toThrow(InvalidArgumentError);
  });
});
