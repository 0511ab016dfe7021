import { describe, expect, test } from "vitest";
import { mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { fanizza } from "../processes/fanizza.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { postQuantum } from "../processes/post-quantum.ts";
import { rrxor } from "../processes/rrxor.ts";
import { simpleNonunifilar } from "../processes/simple-nonunifilar.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { blockEntropies } from "./block-entropies.ts";
import { entropyRate } from "./entropy-rate.ts";
import { excessEntropy } from "./excess-entropy.ts";
import { presentationQuantities } from "./presentation-quantities.ts";
import { statisticalComplexity } from "./statistical-complexity.ts";
import { synchronizationInformation } from "./synchronization-information.ts";
import { transientInformation } from "./transient-information.ts";

// Closed forms, and numbers of an independent program in float64 (bits). Where a row gives digits, half a unit of the last is allowed.
const LOG3 = Math.log2(3);
const binary = (p: number): number => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
const TWO_STATES = binary(1 / 3);

const SIX_DIGITS = 6e-7;
const EXACT = 1e-10;

interface Row {
  readonly rate: number;
  readonly excess: number;
  readonly complexity: number;
  readonly transient: number;
  readonly sync?: number;
  readonly states: number;
  readonly recurrent: number;
}

const zeroForCoin = { excess: 0, complexity: 0, transient: 0, sync: 0, states: 1, recurrent: 1 };
const finite: readonly (readonly [string, Process, Row])[] = [
  ["coin(0.3)", coin({ p: 0.3 }), { rate: binary(0.3), ...zeroForCoin }],
  [
    "goldenMean",
    goldenMean({ p: 0.5 }),
    {
      rate: 2 / 3,
      excess: TWO_STATES - 2 / 3,
      complexity: TWO_STATES,
      transient: 0.251629,
      sync: 0.918296,
      states: 3,
      recurrent: 2,
    },
  ],
  [
    "evenOnes",
    evenOnes({ p: 0.5 }),
    {
      rate: 2 / 3,
      excess: TWO_STATES,
      complexity: TWO_STATES,
      transient: 3.169925,
      sync: 3.169925,
      states: 4,
      recurrent: 2,
    },
  ],
  [
    "zeroOneRandom(0.5)",
    zeroOneRandom({ p: 0.5 }),
    { rate: 1 / 3, excess: LOG3, complexity: LOG3, transient: 2.836592, sync: 2.836592, states: 7, recurrent: 3 },
  ],
  [
    "zeroOneRandom(0.3)",
    zeroOneRandom({ p: 0.3 }),
    {
      rate: binary(0.3) / 3,
      excess: LOG3,
      complexity: LOG3,
      transient: 2.770314,
      sync: 2.770314,
      states: 7,
      recurrent: 3,
    },
  ],
  [
    "rrxor",
    rrxor({ p1: 0.5, p2: 0.5 }),
    {
      rate: 2 / 3,
      excess: LOG3 + 2 / 3,
      complexity: LOG3 + 2 / 3,
      transient: 12.743093,
      sync: 12.743093,
      states: 36,
      recurrent: 5,
    },
  ],
  [
    "tomQuantum(1, 1)",
    tomQuantum({ alpha: 1, beta: 1 }),
    { rate: 1.5, excess: 0.5, complexity: 2, transient: 0.5, states: 5, recurrent: 4 },
  ],
];

describe("finite presentations", () => {
  test.each(finite)("%s", (_, process, row) => {
    const near = (value: number, expected: number, tolerance: number): void => {
      expect(Math.abs(value - expected)).toBeLessThan(tolerance);
    };
    for (const { method } of [entropyRate(process), excessEntropy(process), statisticalComplexity(process)]) {
      expect(method).toBe("presentation");
    }
    near(entropyRate(process).value, row.rate, EXACT);
    near(excessEntropy(process).value, row.excess, EXACT);
    near(statisticalComplexity(process).value, row.complexity, EXACT);
    near(transientInformation(process).value, row.transient, SIX_DIGITS);
    if (row.sync !== undefined) near(synchronizationInformation(process).value, row.sync, SIX_DIGITS);

    const presentation = mixedStatePresentation(process);
    expect(presentation.states.length).toBe(row.states);
    expect(presentation.recurrent.filter(Boolean).length).toBe(row.recurrent);
    const all = presentationQuantities(presentation);
    near(all.entropyRate, row.rate, EXACT);
    near(all.excessEntropy, row.excess, EXACT);
    near(all.statisticalComplexity, row.complexity, EXACT);
    near(all.crypticity, row.complexity - row.excess, EXACT);
    near(all.transientInformation, row.transient, SIX_DIGITS);
    expect(all.synchronizationInformation === undefined).toBe(row.sync === undefined);
  });

  test("rrxor in nats", () => {
    expect(entropyRate(rrxor({}), { unit: "nats" }).value).toBeCloseTo(0.462098, 6);
  });
});

describe("infinite presentations", () => {
  test.each([
    ["mess3(0.15, 0.6)", mess3({ x: 0.15, a: 0.6 }), 1.5709336, 5e-8, 1e-6],
    ["mess3(0.05, 0.85)", mess3({ x: 0.05, a: 0.85 }), 1.1447178, 5e-8, 1e-5],
    ["simpleNonunifilar", simpleNonunifilar({ p: 0.5, q: 0.5 }), 0.677867181, 5e-10, 1e-9],
    ["fanizza", fanizza({ alpha: 2000, lambda: 0.49 }), 0.93018, 5e-7, 1e-8],
  ])("%s: the bounds enclose the entropy rate", (_, process, expected, digits, width) => {
    const { lower, upper, certified, value } = entropyRate(process);
    expect(certified).toBe(true);
    expect(lower).toBeLessThan(expected + digits);
    expect(upper).toBeGreaterThan(expected - digits);
    expect(upper - lower).toBeLessThan(width);
    expect(Math.abs(value - expected)).toBeLessThan(digits + width / 4);
  });

  test("mess3 in nats: h(8) is within 3e-5 of its optimal loss", () => {
    for (const [process, loss, tolerance] of [
      [mess3({ x: 0.15, a: 0.6 }), 1.088888, 6e-7],
      [mess3({ x: 0.05, a: 0.85 }), 0.793458, 3e-5],
    ] as const) {
      const { upper } = entropyRate(process, { unit: "nats", maxLength: 8 });
      expect(upper - loss).toBeGreaterThan(-6e-7);
      expect(upper - loss).toBeLessThan(tolerance);
    }
  });

  test("postQuantum: far tighter than h(11)", () => {
    const { lower, upper } = entropyRate(postQuantum({ logAlpha: 1, beta: 0.5 }));
    expect(upper - lower).toBeLessThan(1e-8);
    expect(upper).toBeLessThan(1.00855);
  });

  test("simpleNonunifilar: the series of its entropy rate, and its statistical complexity", () => {
    let series = 0;
    for (let m = 2; m < 200; m++) series += m * 2 ** -m * Math.log2(m);
    const process = simpleNonunifilar({ p: 0.5, q: 0.5 });
    const { lower, upper } = entropyRate(process);
    expect(lower).toBeLessThanOrEqual(1 - series / 8 + 1e-12);
    expect(upper).toBeGreaterThanOrEqual(1 - series / 8 - 1e-12);
    expect(statisticalComplexity(process)).toMatchObject({ method: "truncated-presentation" });
    expect(statisticalComplexity(process).value).toBeCloseTo(2.711468724, 9);
  });

  // Partial sums at the block length of the table: H(L) - L h(L), which is what excessEntropy reports.
  test.each([
    ["mess3(0.15, 0.6)", mess3({ x: 0.15, a: 0.6 }), 11, 0.018116],
    ["mess3(0.05, 0.85)", mess3({ x: 0.05, a: 0.85 }), 11, 0.570864],
    ["simpleNonunifilar", simpleNonunifilar({ p: 0.5, q: 0.5 }), 18, 0.147232],
  ])("excess entropy of %s", (_, process, maxLength, expected) => {
    const { blockEntropy, conditional } = blockEntropies(process, { maxLength, maxStates: 60_000, method: "exact" });
    const partial = (length: number) => (blockEntropy[length] ?? 0) - length * (conditional[length - 1] ?? 0);
    expect(Math.abs(partial(maxLength) - expected)).toBeLessThan(SIX_DIGITS);
    const found = excessEntropy(process, { maxLength: 7 });
    expect(found).toMatchObject({ method: "partial-sum", length: 7 });
    expect(found.value).toBeCloseTo(partial(7), 10);
    expect(found.upper).toBeGreaterThan(expected - SIX_DIGITS);
  });

  test("excess entropies that are known from below", () => {
    expect(excessEntropy(fanizza({ alpha: 2000, lambda: 0.49 })).value).toBeGreaterThan(0.19185);
    expect(excessEntropy(postQuantum({ logAlpha: 1, beta: 0.5 })).value).toBeGreaterThan(0.0805);
  });
});

describe("h(L)", () => {
  const LENGTHS: readonly (readonly [string, Process, readonly number[]])[] = [
    ["goldenMean", goldenMean({ p: 0.5 }), [0.918296, 0.666667, 0.666667]],
    ["evenOnes", evenOnes({ p: 0.5 }), [0.918296, 0.874185, 0.792481, 0.770426, 0.729574]],
    ["zeroOneRandom", zeroOneRandom({ p: 0.5 }), [1, 0.91829583, 0.66666667, 0.33333333, 0.33333333]],
    ["rrxor", rrxor({}), [1, 1, 0.91829583, 0.90671538, 0.86371066, 0.83333333, 0.81001218, 0.77883496]],
    [
      "mess3",
      mess3({ x: 0.15, a: 0.6 }),
      [1.5849625, 1.5740781, 1.57165971, 1.57110034, 1.57097192, 1.57094242, 1.57093564, 1.57093408],
    ],
    ["simpleNonunifilar", simpleNonunifilar({ p: 0.5, q: 0.5 }), [0.811278, 0.688722, 0.680037, 0.678422]],
    ["tomQuantum(1, 3)", tomQuantum({ alpha: 1, beta: 3 }), [2, 1.952191, 1.924735, 1.906317]],
    [
      "tomQuantum(1, 4.3)",
      tomQuantum({ alpha: 1, beta: 4.3 }),
      [2, 1.98623936, 1.97592956, 1.96779939, 1.96127401, 1.95595374],
    ],
    ["fanizza", fanizza({ alpha: 2000, lambda: 0.49 }), [0.99895032, 0.97585914, 0.97513777, 0.95017173]],
  ];
  test.each(LENGTHS)("%s", (_, process, expected) => {
    const { conditional, method } = blockEntropies(process, { maxLength: expected.length });
    expect(method).toBe("exact");
    expected.forEach((value, i) => {
      expect(Math.abs((conditional[i] ?? Number.NaN) - value)).toBeLessThan(SIX_DIGITS);
    });
  });

  test.each([
    ["fanizza", fanizza({ alpha: 2000, lambda: 0.49 }), 18, 0.93018],
    ["postQuantum", postQuantum({ logAlpha: 1, beta: 0.5 }), 11, 1.00855],
  ])("%s at a greater length", (_, process, length, expected) => {
    const { conditional } = blockEntropies(process, { maxLength: length });
    expect(Math.abs((conditional[length - 1] ?? Number.NaN) - expected)).toBeLessThan(SIX_DIGITS);
  });

  test("tomQuantum(1, 3) at length 10, tomQuantum(1, sqrt 51) at length 9", () => {
    const options = { method: "exact", maxStates: 2 ** 20 } as const;
    const walk = blockEntropies(tomQuantum({ alpha: 1, beta: 3 }), { ...options, maxLength: 10 });
    expect(walk.conditional[9]).toBeCloseTo(1.869576, 6);
    const weak = blockEntropies(tomQuantum({ alpha: 1, beta: Math.sqrt(51) }), { ...options, maxLength: 9 });
    expect(weak.conditional[8]).toBeCloseTo(1.988079, 6);
  });
});
