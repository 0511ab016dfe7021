import { InvalidArgumentError, mess3, nextTokenDistribution, wordProbability } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { beliefInformation, blockEntropyCurve, wordsOfLength } from "../_testing/words.ts";
import { operatorFactorization } from "../discover/operator-factorization.ts";
import { blockProcess } from "../structure/blocks.ts";
import { personaMess3 } from "./persona-mess3.ts";

// goldens of the theory by theta: distance of the operators from factored, E[I] of beliefs at length 5, h(6) of a block in bits
const goldens = [
  { theta: 0, distance: 0, information: 0, rate: 2.38222 },
  { theta: 0.25, distance: 0.02152, information: 0.00108, rate: 2.46476 },
  { theta: 0.5, distance: 0.07259, information: 0.0054, rate: 2.51702 },
  { theta: 0.75, distance: 0.13621, information: 0.01384, rate: 2.54101 },
  { theta: 1, distance: 0.19534, information: 0.02467, rate: 2.5365 },
];

describe.each(goldens)("personaMess3, theta $theta", ({ theta, distance, information, rate }) => {
  const process = personaMess3({ theta });

  test("conserves the persona; operators have rank 1 only at theta 0", () => {
    expect(process).toMatchObject({ defect: 0, kind: "sector", strong: true });
    const rank = theta === 0 ? 1 : 2;
    const operators = operatorFactorization(process, process.structure).tokens;
    expect(operators.map((operator) => operator.rank)).toEqual(new Array(6).fill(rank));
  });

  test("the marked bit is fair and the capability process is Mess3, whatever theta", () => {
    const law = nextTokenDistribution(process, process.initial);
    expect((law[3] ?? 0) + (law[4] ?? 0) + (law[5] ?? 0)).toBeCloseTo(0.5, 14);
    const capability = mess3({ x: 0.15, a: 0.6 });
    const sums = new Map<string, number>();
    for (const word of wordsOfLength(process, 3)) {
      const key = word.tokens.map((token) => token % 3).join("");
      sums.set(key, (sums.get(key) ?? 0) + word.probability);
    }
    for (const [word, probability] of sums) {
      expect(probability).toBeCloseTo(wordProbability(capability, Array.from(word, Number)), 14);
    }
  });

  test("goldens: distance from factored, belief information, entropy rate of both blocks", () => {
    const { fbar } = operatorFactorization(process, process.structure);
    expect(Math.abs(1 - fbar - distance)).toBeLessThan(6e-6);
    const mean = wordsOfLength(process, 5).reduce(
      (sum, word) => sum + word.probability * beliefInformation(word.belief, 3),
      0,
    );
    expect(Math.abs(mean - information)).toBeLessThan(6e-6);
    const curves = [0, 1].map((block) => blockEntropyCurve(blockProcess(process, block), 5));
    const [first = 0, second = 0] = curves.map((curve) => (curve[5] ?? 0) - (curve[4] ?? 0));
    expect(first).toBeCloseTo(second, 12);
    expect(Math.abs(first - rate)).toBeLessThan(2e-4); // h(5) against the golden h(6)
  });

  test("the mean shift of the mark from one persona to the other is delta (1 - theta)", () => {
    const mark = (persona: number, s: number) => {
      const belief = Float64Array.from({ length: 6 }, (_, state) => (state === 3 * persona + s ? 1 : 0));
      return nextTokenDistribution(process, belief)
        .slice(3)
        .reduce((sum, value) => sum + value, 0);
    };
    const shifts = [0, 1, 2].map((s) => mark(1, s) - mark(0, s));
    expect(shifts.reduce((sum, shift) => sum + shift, 0) / 3).toBeCloseTo(0.5 * (1 - theta), 12);
  });
});

test("refuses parameters out of range", () => {
  expect(() => personaMess3({ theta: 2 })).toThrow("personaMess3: theta is 2");
  expect(() => personaMess3({ delta: -1 })).toThrow(InvalidArgumentError);
  expect(() => personaMess3({ x: 0.6 })).toThrow("personaMess3: x is 0.6");
});

test("refuses lists with holes", () => {
  const marks = [-1];
  marks[2] = 1;
  expect(() => personaMess3({ marks })).toThrow("personaMess3: marks[1] is NaN");
});
