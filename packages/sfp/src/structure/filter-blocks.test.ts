import {
  createGhmm,
  createHmm,
  createKey,
  filterBeliefs,
  InvalidArgumentError,
  ShapeError,
  sampleSequences,
  ZeroProbabilityError,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { contextPersonas } from "../families/context-personas.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { blockProcess, blockWeights, withBlockWeights, withinBlockBelief } from "./blocks.ts";
import { filterBlocks } from "./filter-blocks.ts";
import { type Cell, partition } from "./partition.ts";
import { type SemiFactoredProcess, semiFactored } from "./semi-factored.ts";
import { tensorStructure } from "./tensor-structure.ts";

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)) <= tolerance) continue;
    expect.fail(`entry ${i} is ${actual[i]}, not ${expected[i]}`);
  }
}

const sample = (process: SemiFactoredProcess, count: number, length: number, seed: number) =>
  sampleSequences(process, { count, length, key: createKey(seed) });

/** Everything that filterBlocks says, from the beliefs of the process. */
function byBeliefs(process: SemiFactoredProcess, batch: { tokens: Int32Array; count: number; length: number }) {
  const { beliefs, probabilities } = filterBeliefs(process, batch);
  const rows = batch.count * (batch.length + 1);
  const row = (i: number) => beliefs.subarray(i * process.stateDim, (i + 1) * process.stateDim);
  const weights = Array.from({ length: rows }, (_, i) => Array.from(blockWeights(process, row(i)))).flat();
  const inside = Array.from({ length: rows }, (_, i) => {
    const sum = new Float64Array(process.stateDim);
    blockWeights(process, row(i)).forEach((weight, beta) => {
      if (weight === 0) return;
      withinBlockBelief(process, row(i), beta).forEach((value, s) => {
        sum[s] = (sum[s] ?? 0) + value;
      });
    });
    return Array.from(sum);
  }).flat();
  return { weights, probabilities, inside };
}

/** Two coins with certain sides, and one that is fair. */
function certainCoins(): SemiFactoredProcess {
  const structure = tensorStructure({
    factors: [
      { name: "coin", dimension: 3 },
      { name: "none", dimension: 1 },
    ],
  });
  const diagonal = (values: readonly number[]) => values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
  const process = createHmm({
    operators: [diagonal([1, 0.5, 0.25]), diagonal([0, 0.5, 0.75])],
    initial: [0.25, 0.5, 0.25],
  });
  return semiFactored({ process, structure, blocks: "sectors" });
}

const batchOf = (...words: readonly (readonly number[])[]) => ({
  tokens: words.flat(),
  count: words.length,
  length: words[0]?.length ?? 0,
});

describe("filterBlocks", () => {
  test("agrees with the beliefs of the process: weights, probabilities and beliefs inside blocks", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), fc.nat(1000), (process, seed) => {
        const batch = sample(process, 3, 12, seed);
        const filtered = filterBlocks(process, batch, { withBeliefs: true, withLogWeights: true });
        const direct = byBeliefs(process, batch);
        expectClose(filtered.weights, direct.weights);
        expectClose(filtered.probabilities, direct.probabilities);
        expectClose(filtered.beliefs, direct.inside, 1e-11);
        expectClose(filtered.logWeights, filtered.weights.map(Math.log), 1e-10);
      }),
      { numRuns: 60 },
    );
  });

  test("agrees on the named families, of every kind of partition", () => {
    for (const process of [
      personaZ1r({ variant: "semi-s" }),
      personaMess3({ theta: 0.75 }),
      phaseLockedZ1r({ kappa: 0.5 }),
      contextPersonas({ contexts: 4, alpha: 0.5 }),
    ]) {
      const batch = sample(process, 4, 20, 7);
      const { weights, probabilities } = filterBlocks(process, batch);
      const direct = byBeliefs(process, batch);
      expectClose(weights, direct.weights);
      expectClose(probabilities, direct.probabilities);
    }
  });

  test("blocks that are larger than a panel of columns, of all remainders, in a scattered order", () => {
    const sizes = [5, 6, 7, 9];
    const labels: readonly number[] = Array.from({ length: 27 }, (_, s) => (s * 7) % 27).map((s) =>
      s < 5 ? 0 : s < 11 ? 1 : s < 18 ? 2 : 3,
    );
    expect(sizes.map((_, beta) => labels.filter((label) => label === beta).length)).toEqual(sizes);
    const structure = tensorStructure({
      factors: [
        { name: "label", dimension: 27 },
        { name: "none", dimension: 1 },
      ],
    });
    const blocks = partition({
      structure,
      blocks: sizes.map((_, beta) => labels.flatMap((label, s): readonly Cell[] => (label === beta ? [[s, 0]] : []))),
    });
    const weight = (x: number, i: number, j: number) =>
      labels[i] === labels[j] ? 1 + ((5 * x + 3 * i + 11 * j) % 13) : 0;
    const total = (i: number) => labels.reduce((sum, _, j) => sum + weight(0, i, j) + weight(1, i, j), 0);
    const operators = [0, 1].map((x) => labels.map((_, i) => labels.map((__, j) => weight(x, i, j) / total(i))));
    const process = semiFactored({
      process: createHmm({ operators, initial: labels.map(() => 1 / 27) }),
      structure,
      blocks,
    });
    const batch = sample(process, 2, 30, 3);
    const direct = byBeliefs(process, batch);
    const { weights, beliefs } = filterBlocks(process, batch, { withBeliefs: true });
    expectClose(weights, direct.weights);
    expectClose(beliefs, direct.inside);
  });

  test("likelihoods are what each block alone gives the tokens", () => {
    const process = personaMess3({ theta: 0.5 });
    const batch = sample(process, 2, 10, 1);
    const { likelihoods, weights, probabilities } = filterBlocks(process, batch, { withLikelihoods: true });
    for (const beta of [0, 1]) {
      const alone = filterBeliefs(blockProcess(process, beta), batch).probabilities;
      expectClose(
        likelihoods.filter((_, i) => i % 2 === beta),
        alone,
      );
    }
    // P(x | b) = sum_beta omega_beta P_beta(x | b_beta), T15 iv
    probabilities.forEach((p, i) => {
      const at = 2 * (i + Math.floor(i / 10));
      const mixed =
        (weights[at] ?? 0) * (likelihoods[2 * i] ?? 0) + (weights[at + 1] ?? 0) * (likelihoods[2 * i + 1] ?? 0);
      expect(Math.abs(mixed - p)).toBeLessThan(1e-14);
    });
  });

  test("a token that is impossible in one block sends its weight to exactly 0, for good", () => {
    const { weights, logWeights, likelihoods, beliefs } = filterBlocks(certainCoins(), batchOf([0, 1, 0, 0]), {
      withLogWeights: true,
      withLikelihoods: true,
      withBeliefs: true,
    });
    expect(weights[3]).toBeGreaterThan(0.4); // 0.25 / (0.25 + 0.25 + 0.0625)
    for (const t of [2, 3, 4]) {
      expect(weights[3 * t]).toBe(0);
      expect(logWeights[3 * t]).toBe(Number.NEGATIVE_INFINITY);
      expect(beliefs[3 * t]).toBe(0);
      expect(likelihoods[3 * (t - 1)]).toBe(0);
      expect((weights[3 * t + 1] ?? 0) + (weights[3 * t + 2] ?? 0)).toBeCloseTo(1, 14);
    }
  });

  test("thousands of tokens against a block are undone by as many for it", () => {
    const process = personaZ1r({ variant: "factored" });
    const half = 3000;
    // phases S0, S1, SR: y = 0, 1, 0; first the mark of the aligned persona, then of the other
    const tokens = Array.from({ length: 2 * half }, (_, t) => (t < half ? 0 : 2) + (t % 3 === 1 ? 1 : 0));
    const { weights, logWeights } = filterBlocks(process, batchOf(tokens), { withLogWeights: true });
    expect(weights.some((weight) => Number.isNaN(weight))).toBe(false);
    expect(weights[2 * half + 1]).toBe(0); // 3^-3000 is no double
    const [aligned = 0, misaligned = 0] = logWeights.subarray(2 * half, 2 * half + 2);
    expect(misaligned - aligned).toBeCloseTo(-half * Math.log(3), 6);
    expect(weights[4 * half]).toBeCloseTo(0.5, 9);
    expect(weights[4 * half + 1]).toBeCloseTo(0.5, 9);
  });

  test("processes whose operators are too large to write out are read by steps", () => {
    const process = contextPersonas({ contexts: 10, alpha: 0.5 });
    const batch = batchOf([1, 3, 0, 18, 7, 1]);
    expectClose(filterBlocks(process, batch).weights, filterBeliefs(process, batch).beliefs);
  });

  test("blocks without weight at the start stay without", () => {
    const process = withBlockWeights(personaZ1r(), [0, 1]);
    const { weights, beliefs } = filterBlocks(process, sample(process, 1, 9, 2), { withBeliefs: true });
    weights.forEach((weight, i) => {
      expect(Math.abs(weight - (i % 2))).toBeLessThan(1e-14);
    });
    beliefs.forEach((value, i) => {
      if (i % 6 < 3) expect(value).toBe(0);
    });
  });

  test("signed processes are filtered too, but a negative weight has no logarithm", () => {
    // 1.2 times a coin minus 0.2 times another: every word has positive probability for a while
    const process = createGhmm({
      operators: [
        [
          [0.5, 0],
          [0, 0.45],
        ],
        [
          [0.5, 0],
          [0, 0.55],
        ],
      ],
      initial: [1.2, -0.2],
      normalizer: [1, 1],
    });
    const structure = tensorStructure({
      factors: [
        { name: "coin", dimension: 2 },
        { name: "none", dimension: 1 },
      ],
    });
    const signed = semiFactored({ process, structure, blocks: "sectors" });
    const batch = batchOf([0, 1, 1]);
    expectClose(filterBlocks(signed, batch).weights, filterBeliefs(signed, batch).beliefs);
    expect(() => filterBlocks(signed, batch, { withLogWeights: true })).toThrow(
      "filterBlocks: block 1 has weight -0.2",
    );
  });

  test("what crosses blocks in a leaky process is left out", () => {
    const { process, structure } = leakySector({ leak: 1e-3 });
    const leaky = semiFactored({ process, structure, blocks: "sectors", tolerance: 1e-3 });
    const batch = sample(leaky, 1, 3, 4);
    const difference = filterBlocks(leaky, batch).weights.map((weight, i) => {
      return Math.abs(weight - (byBeliefs(leaky, batch).weights[i] ?? 0));
    });
    expect(Math.max(...difference)).toBeGreaterThan(1e-6);
    expect(Math.max(...difference)).toBeLessThan(1e-2);
  });

  test("writes to arrays of an earlier call, and the options decide the type", () => {
    const process = personaZ1r();
    const first = filterBlocks(process, sample(process, 2, 5, 1), { withLogWeights: true });
    expectTypeOf(first.logWeights).toEqualTypeOf<Float64Array>();
    expectTypeOf(first.beliefs).toEqualTypeOf<Float64Array | undefined>();
    const again = filterBlocks(process, sample(process, 2, 5, 2), { withLogWeights: true, out: first });
    expect(again.weights).toBe(first.weights);
    expect(again.logWeights).toBe(first.logWeights);
    expect("beliefs" in again).toBe(false);
    expect(filterBlocks(process, batchOf()).weights.length).toBe(0);
    expect(Array.from(filterBlocks(process, batchOf([])).weights)).toEqual([0.5, 0.5]);
  });
});

describe("filterBlocks refuses", () => {
  test("impossible words, with the place and the token", () => {
    const process = withBlockWeights(certainCoins(), [1, 0, 0]);
    let caught: unknown;
    try {
      filterBlocks(process, batchOf([0, 0], [0, 1]));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ZeroProbabilityError);
    expect(caught).toMatchObject({ position: 1, token: 1, source: "filterBlocks" });
    expect(String(caught)).toContain("of sequence 1");
  });

  test("bad tokens, batches and outputs", () => {
    const process = personaZ1r();
    for (const token of [4, -1, 0.5, Number.NaN]) {
      expect(() => filterBlocks(process, batchOf([token]))).toThrow(InvalidArgumentError);
      expect(() => filterBlocks(process, batchOf([token]))).toThrow(`${token}`);
    }
    expect(() => filterBlocks(process, { tokens: [0], count: 2, length: 1 })).toThrow(ShapeError);
    expect(() => filterBlocks(process, { tokens: [], count: -1, length: 0 })).toThrow("count is -1");
    expect(() => filterBlocks(process, batchOf([0]), { out: { weights: new Float64Array(3) } })).toThrow(
      "out.weights has 3 entries",
    );
  });

  test("an initial state that is none", () => {
    const process = personaZ1r();
    expect(() => filterBlocks({ ...process, initial: new Float64Array(6) }, batchOf([0]))).toThrow(
      "the initial state times the normalizer is 0",
    );
    expect(() => filterBlocks({ ...process, initial: new Float64Array(6).fill(Number.NaN) }, batchOf([0]))).toThrow(
      InvalidArgumentError,
    );
  });

  test("filterBlocks does not write one result over another", () => {
    const process = personaZ1r({ variant: "semi" });
    const shared = new Float64Array(6);
    const batch = { tokens: [0, 1], count: 1, length: 2 };
    const out = { weights: shared, logWeights: shared };
    expect(() => filterBlocks(process, batch, { withLogWeights: true, out })).toThrow(
      "out.weights and out.logWeights overlap",
    );
    // an array of a result that is not asked for is not written to
    expect(() => filterBlocks(process, batch, { out })).not.toThrow();
  });
});
