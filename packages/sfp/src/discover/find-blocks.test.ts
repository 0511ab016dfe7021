import { fc, test } from "@fast-check/vitest";
import {
  coin,
  createHmm,
  createKey,
  evenOnes,
  fitSpectral,
  foldIn,
  goldenMean,
  InvalidArgumentError,
  mess3,
  mixture,
  normal,
  type Process,
  rrxor,
  sampleSequences,
  tensorProduct,
  UnsupportedError,
  wordProbability,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import { multiply, withParts } from "@semifactor/ghmm/internal";
import { describe, expect } from "vitest";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { alignmentAndCapability } from "../arbitraries/partitions.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { families } from "../families/namespace.ts";
import { blockWeights } from "../structure/blocks.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import { partition } from "../structure/partition.ts";
import { denseCommutantDimension } from "./_testing/dense-commutant.ts";
import { scrambled } from "./_testing/random-similarity.ts";
import { type FoundBlocks, findBlocks } from "./find-blocks.ts";

const { leakySector, personaMess3, personaZ1r, phaseLockedZ1r, staticLabels } = families;
const capability = mess3({ x: 0.15, a: 0.6 });
const all = (q: number) => [q, q, q] as const;
/** Two personas with the same operators. */
const identical = personaZ1r({ random: [0.2, 0.2], marked: [all(0.25), all(0.25)], weights: [0.3, 0.7] });

const weightsOf = ({ blocks }: FoundBlocks): readonly number[] => blocks.map(({ weight }) => weight);
const dimensionsOf = ({ blocks }: FoundBlocks): readonly number[] => blocks.map(({ dimension }) => dimension);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const largest = (values: Iterable<number>): number => Math.max(0, ...[...values].map(Math.abs));

/** What every answer must fulfil, up to `rounding`. */
function checkDecomposition(process: Process, found: FoundBlocks, rounding = 1e-9): void {
  const d = process.stateDim;
  const total = new Float64Array(d * d);
  for (const { projector, dimension, basis, dual } of found.blocks) {
    projector.forEach((value, i) => {
      total[i] = (total[i] ?? 0) + value;
    });
    const square = multiply(projector, projector, d);
    expect(largest(square.map((value, i) => value - (projector[i] ?? 0)))).toBeLessThan(rounding);
    expect(sum(Array.from({ length: d }, (_, s) => projector[s * (d + 1)] ?? 0))).toBeCloseTo(dimension, 8);
    const product = multiply(dual, basis, dimension);
    expect(largest(product.map((value, i) => value - (projector[i] ?? 0)))).toBeLessThan(rounding);
    expect(commutatorDefect(process, projector).defect).toBeLessThanOrEqual(found.residual);
  }
  expect(largest(total.map((value, i) => value - (i % (d + 1) === 0 ? 1 : 0)))).toBeLessThan(rounding);
  expect(sum(weightsOf(found))).toBeCloseTo(1, 8);
  expect([...found.equivalent.flat()].sort((a, b) => a - b)).toEqual(found.blocks.map((_, i) => i));
}

function noisy(process: Process, size: number, seed: number): Process {
  const d = process.stateDim;
  const errors = process.alphabet.map((_, x) => normal(foldIn(createKey(seed), x), d * d));
  return withParts(process, {
    operator: (x) => process.operator(x).map((value, i) => value + size * (errors[x]?.[i] ?? 0)),
  });
}

describe("the commutant has dimension", () => {
  // theory notes T14
  test.each<[string, Process, number]>([
    ["Zero-One-Random", zeroOneRandom({ p: 0.5 }), 1],
    ["Mess3", capability, 1],
    ["RRXOR", rrxor({ p1: 0.5, p2: 0.5 }), 1],
    ["Mess3 x Mess3", tensorProduct(capability, capability), 1],
    ["Even Ones x Golden Mean", tensorProduct(evenOnes({ p: 0.5 }), goldenMean({ p: 0.5 })), 1],
    ["Z9", phaseLockedZ1r({ kappa: 0.5 }), 3],
    ["Z9 at kappa 0, also a product", phaseLockedZ1r({ alpha: 0.5 }), 3],
    ["P6 factored", personaZ1r({ variant: "factored" }), 2],
    ["P6 semi", personaZ1r({ variant: "semi" }), 2],
    ["P6 semi-s", personaZ1r({ variant: "semi-s" }), 2],
    ["P6 scrambled", scrambled(personaZ1r(), 30, 3), 2],
    ["two identical personas", identical, 4],
    ["two identical personas, scrambled", scrambled(identical, 30, 3), 4],
    ["PM", personaMess3({ theta: 0.5 }), 2],
    ["static labels", staticLabels(), 4],
  ])("%s", (_, process, expected) => {
    const found = findBlocks(process);
    expect(found.commutantDimension).toBe(expected);
    expect(found.gap[0]).toBeLessThan(1e-12);
    expect(found.gap[1]).toBeGreaterThan(1e-3);
    checkDecomposition(process, found);
  });

  test.prop([hmm({ maxStates: 5 })], { numRuns: 20 })("that of the dense null space, for random HMMs", (process) => {
    expect(findBlocks(process).commutantDimension).toBe(denseCommutantDimension(process));
  });

  test.prop([semiFactoredProcess()], { numRuns: 15 })("that of the dense null space, for random SFPs", (process) => {
    fc.pre(process.stateDim <= 6);
    expect(findBlocks(process).commutantDimension).toBe(denseCommutantDimension(process));
  });

  test("that of the dense null space, where states are redundant", () => {
    const lazy = createHmm({ operators: [0.3, 0.7].map((p) => all(p).map((q) => [q / 2, q / 4, q / 4])) });
    for (const process of [lazy, tensorProduct(coin({ p: 0.3 }), identical), staticLabels({ first: [0.3, 0.3] })]) {
      expect(findBlocks(process).commutantDimension).toBe(denseCommutantDimension(process));
    }
  });
});

describe("findBlocks", () => {
  test.prop([semiFactoredProcess(), fc.nat(1000)], { numRuns: 40 })(
    "finds the blocks of a random SFP in random coordinates, with their weights",
    (process, seed) => {
      const hidden = scrambled(process, 30, seed);
      const found = findBlocks(hidden);
      checkDecomposition(hidden, found);
      const expected = [...blockWeights(process, process.initial)].sort((a, b) => b - a);
      expect(weightsOf(found).length).toBe(expected.length);
      weightsOf(found).forEach((weight, i) => {
        expect(Math.abs(weight - (expected[i] ?? 0))).toBeLessThan(1e-9);
      });
      expect(found.equivalent).toEqual(expected.map((_, i) => [i]));
    },
  );

  test("the projectors of coordinate blocks are coordinate projectors, the heaviest block first", () => {
    const process = phaseLockedZ1r({ kappa: 0.5, alpha: 0.5 });
    const { blocks } = findBlocks(process);
    const [heavy] = blocks;
    expect(weightsOf(findBlocks(process))).toEqual([2 / 3, 1 / 6, 1 / 6].map((weight) => expect.closeTo(weight, 12)));
    const states = [...(heavy?.projector ?? [])].flatMap((value, i) => (Math.abs(value) > 0.5 ? [i] : []));
    expect(states).toEqual([0, 4, 8].map((s) => 10 * s));
  });

  test("blocks of equal weight come in the order of their coordinates", () => {
    const { blocks } = findBlocks(personaZ1r());
    expect(blocks.map(({ projector }) => Math.round(projector[0] ?? 0))).toEqual([1, 0]);
  });

  test("a block has the law of its persona", () => {
    const process = personaZ1r({ weights: [0.3, 0.7] });
    const hidden = scrambled(process, 10, 5);
    const words = [[0], [2, 1, 3], [0, 1, 0, 2]];
    for (const word of words) {
      const shares = findBlocks(hidden).blocks.map(({ projector }) => {
        let state: Float64Array = hidden.initial;
        for (const operator of [projector, ...word.map((token) => hidden.operator(token))]) {
          state = multiply(state, operator, hidden.stateDim);
        }
        return state.reduce((total, value, s) => total + value * (hidden.normalizer[s] ?? 0), 0);
      });
      const [misaligned, aligned] = [1, 0].map((i) =>
        wordProbability(personaZ1r({ weights: i === 0 ? [1, 0] : [0, 1] }), word),
      );
      expect(shares[0]).toBeCloseTo(0.7 * (misaligned ?? 0), 10);
      expect(shares[1]).toBeCloseTo(0.3 * (aligned ?? 0), 10);
    }
  });

  test("an irreducible process is one block, the whole space", () => {
    for (const process of [capability, coin({ p: 0.3 })]) {
      const found = findBlocks(process);
      expect(dimensionsOf(found)).toEqual([process.stateDim]);
      expect(found.residual).toBe(0);
      expect(found.equivalent).toEqual([[0]]);
    }
  });

  test.prop([fc.integer({ min: 0, max: 1000 })], { numRuns: 30 })(
    "identical personas are found whatever the key, and called the same",
    (seed) => {
      const found = findBlocks(identical, { key: createKey(seed) });
      expect(dimensionsOf(found)).toEqual([3, 3]);
      expect(found.equivalent).toEqual([[0, 1]]);
      checkDecomposition(identical, found, 1e-7);
    },
  );

  test("copies are told from others: three of one persona and one of another", () => {
    const persona = zeroOneRandom({ p: 0.2 });
    const process = mixture({
      components: [persona, zeroOneRandom({ p: 0.8 }), persona, persona],
      weights: [0.1, 0.4, 0.2, 0.3],
    });
    const found = findBlocks(scrambled(process, 30, 8));
    expect(found.commutantDimension).toBe(10);
    expect(dimensionsOf(found)).toEqual([3, 3, 3, 3]);
    const group = found.equivalent.find(({ length }) => length === 3) ?? [];
    expect(found.equivalent.length).toBe(2);
    expect(sum(group.map((i) => weightsOf(found)[i] ?? 0))).toBeCloseTo(0.6, 9);
  });

  test("a rotation is one real block, though its commutant has dimension two", () => {
    // the states turn in a circle whatever the token: the circle falls into the constant and a rotation of weight 0
    const circle = createHmm({
      operators: [0.3, 0.7].map((p) => [
        [0, p, 0],
        [0, 0, p],
        [p, 0, 0],
      ]),
      initial: [1, 0, 0],
    });
    const found = findBlocks(circle);
    expect(found.commutantDimension).toBe(3);
    expect(dimensionsOf(found)).toEqual([1, 2]);
    expect(weightsOf(found)).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12)]);
  });

  test("one invariant sector is not enough: a persona that can only be left is no block", () => {
    const rows = (p: number, q: number) => [
      [0.9 * p, 0.1 * p],
      [0, q],
    ];
    const absorbing = createHmm({ operators: [rows(0.3, 0.6), rows(0.7, 0.4)], initial: [0.5, 0.5] });
    expect(commutatorDefect(absorbing, [0, 0, 0, 1]).defect).toBeGreaterThan(0.02);
    expect(dimensionsOf(findBlocks(absorbing))).toEqual([2]);
  });

  test("a leaky sector is no block, unless the tolerance covers the leak", () => {
    expect(dimensionsOf(findBlocks(leakySector({ leak: 0.1 }).process))).toEqual([6]);
    const { process } = leakySector({ leak: 1e-6 });
    expect(dimensionsOf(findBlocks(process))).toEqual([6]);
    const found = findBlocks(process, { tolerance: 1e-4 });
    expect(dimensionsOf(found)).toEqual([3, 3]);
    expect(found.gap[0]).toBeGreaterThan(1e-8);
    expect(found.gap[0]).toBeLessThan(1e-5);
    expect(found.residual).toBeGreaterThan(1e-8);
  });

  test.each([0, 1, 2])("noise of 1e-6 hides the blocks at the default tolerance and not at 1e-4 (key %i)", (seed) => {
    const process = noisy(personaZ1r({ weights: [0.3, 0.7] }), 1e-6, seed);
    expect(dimensionsOf(findBlocks(process))).toEqual([6]);
    const found = findBlocks(process, { tolerance: 1e-4 });
    expect(found.tolerance).toBe(1e-4);
    expect(found.commutantDimension).toBe(2);
    expect(weightsOf(found)).toEqual([expect.closeTo(0.7, 4), expect.closeTo(0.3, 4)]);
    expect(found.gap[1]).toBeGreaterThan(0.5);
  });

  test("strong noise: as many blocks as are asked for", () => {
    const process = noisy(personaZ1r({ weights: [0.3, 0.7] }), 0.01, 1);
    const found = findBlocks(process, { blocks: 2 });
    expect(weightsOf(found)).toEqual([expect.closeTo(0.7, 1), expect.closeTo(0.3, 1)]);
    checkDecomposition(process, found);
    const given = findBlocks(process, { tolerance: 0.05, commutantDimension: 2 });
    expect(dimensionsOf(given)).toEqual([3, 3]);
  });

  test("noise joins blocks that differ by matrices that intertwine nothing: they are no copies", () => {
    const found = findBlocks(noisy(staticLabels(), 1e-3, 1), { blocks: 4 });
    expect(dimensionsOf(found)).toEqual([1, 1, 1, 1]);
    expect(found.equivalent).toEqual([[0], [1], [2], [3]]);
  });

  test("noisy copies stay copies", () => {
    const found = findBlocks(noisy(identical, 1e-7, 4), { tolerance: 1e-5 });
    expect(found.commutantDimension).toBe(4);
    expect(found.equivalent).toEqual([[0, 1]]);
  });

  test("fewer blocks than there are: the rest stays together", () => {
    const found = findBlocks(staticLabels(), { blocks: 2, commutantDimension: 4 });
    expect(found.blocks.length).toBe(2);
    checkDecomposition(staticLabels(), found);
  });

  test.each([
    ["8 blocks of 8", 8, 8],
    ["2 blocks of 32", 2, 32],
  ])(
    "64 states in random coordinates of condition 30: %s",
    (_, personas, states) => {
      const blocks = partition({ structure: alignmentAndCapability(personas, states), blocks: "sectors" });
      const process = scrambled(blockDiagonalHmm(blocks, 3, 5), 30, 2);
      const found = findBlocks(process);
      const expected = Array.from({ length: personas }, (_, i) =>
        sum(
          [...(process.certificate.kind === "similar-to-hmm" ? process.certificate.hmm.initial : [])].slice(
            i * states,
            (i + 1) * states,
          ),
        ),
      ).sort((a, b) => b - a);
      expect(found.commutantDimension).toBe(personas);
      expect(largest(weightsOf(found).map((weight, i) => weight - (expected[i] ?? 0)))).toBeLessThan(1e-9);
      expect(dimensionsOf(found)).toEqual(expected.map(() => states));
    },
    120_000,
  );

  test("the same twice, and with another key up to rounding", () => {
    const process = scrambled(phaseLockedZ1r({ alpha: 0.5 }), 30, 6);
    expect(findBlocks(process)).toEqual(findBlocks(process));
    const [one, other] = [createKey(1), createKey(2)].map((key) => findBlocks(process, { key }).blocks[0]?.projector);
    expect(largest(one?.map((value, i) => value - (other?.[i] ?? 0)) ?? [1])).toBeLessThan(1e-10);
  });

  test.each([
    [{ tolerance: Number.NaN }, "tolerance is NaN"],
    [{ tolerance: -1 }, "tolerance is -1"],
    [{ blocks: 0 }, "blocks is 0"],
    [{ blocks: 1.5 }, "blocks is 1.5"],
    [{ commutantDimension: 37 }, "commutantDimension is 37"],
    [{ noise: Number.NaN }, "noise is NaN"],
    [{ noise: -1 }, "noise is -1"],
    [{ noise: 0.1, blocks: 2 }, "both noise and blocks are given"],
    [{ noise: 0.1, tolerance: 0.1 }, "both noise and tolerance are given"],
  ])("refuses the options %j", (options, message) => {
    expect(() => findBlocks(personaZ1r(), options)).toThrow(InvalidArgumentError);
    expect(() => findBlocks(personaZ1r(), options)).toThrow(`findBlocks: ${message}`);
  });

  test("operators estimated from tokens: told their error, it counts the personas", () => {
    const [count, length] = [10_000, 12];
    const fitted = (process: Process) => {
      const { tokens } = sampleSequences(process, { count, length, key: createKey(4) });
      const lengths = new Array<number>(count).fill(length);
      return fitSpectral({ tokens, lengths, alphabet: process.alphabet.length, wordLength: 2 });
    };
    const persona = fitted(personaZ1r({ weights: [0.6, 0.4] }));
    const { blocks, tolerance, gap } = findBlocks(persona.process, { noise: persona.noiseLevel * persona.condition });
    expect(blocks.map(({ dimension }) => dimension)).toEqual([3, 3]);
    expect(Math.abs((blocks[0]?.weight ?? 0) - 0.6)).toBeLessThan(0.03);
    expect(gap[0]).toBeLessThan(tolerance);
    expect(gap[1]).toBeGreaterThan(tolerance);
    // nothing to find in a process of one block
    const one = fitted(mess3({ x: 0.15, a: 0.6 }));
    expect(findBlocks(one.process, { noise: one.noiseLevel * one.condition }).blocks.length).toBe(1);
    // exact operators need no such help, and are not harmed by it
    expect(findBlocks(phaseLockedZ1r({ kappa: 0.5 }), { noise: 1e-3 }).blocks.length).toBe(3);
  });

  test("refuses to cut into blocks that are not there", () => {
    const cut = () => findBlocks(capability, { blocks: 2, commutantDimension: 1 });
    expect(cut).toThrow(InvalidArgumentError);
    expect(cut).toThrow("findBlocks: only 1 of 2 blocks were found");
  });

  test("refuses operators that are not finite, and too many states", () => {
    const broken = withParts(capability, { operator: () => new Float64Array(9).fill(Number.NaN) });
    expect(() => findBlocks(broken)).toThrow("findBlocks: operator(0)[0] is NaN");
    const large = mixture({
      components: Array.from({ length: 33 }, () => capability),
      weights: Array.from({ length: 33 }, () => 1 / 33),
    });
    expect(() => findBlocks(large)).toThrow(UnsupportedError);
    expect(() => findBlocks(large)).toThrow("the process has 99 states");
  });
});
