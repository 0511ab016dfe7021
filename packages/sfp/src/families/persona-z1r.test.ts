import { NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { beliefInformation, blockEntropyCurve, mutualInformationOf, wordsOfLength } from "../_testing/words.ts";
import { operatorFactorization } from "../discover/operator-factorization.ts";
import { blockProcess } from "../structure/blocks.ts";
import { type ByPhase, personaZ1r } from "./persona-z1r.ts";

const variants = ["factored", "semi", "semi-s"] as const;

/** E_h[I(persona; phase | h)] over words of each length, in bits. */
function meanInformation(variant: (typeof variants)[number], maxLength: number): readonly number[] {
  return Array.from({ length: maxLength + 1 }, (_, length) =>
    wordsOfLength(personaZ1r({ variant }), length).reduce(
      (sum, { probability, belief }) => sum + probability * beliefInformation(belief, 3),
      0,
    ),
  );
}

function roundedTo(digits: number, values: readonly number[]): readonly number[] {
  return values.map((value) => Math.abs(Math.round(value * 10 ** digits) / 10 ** digits));
}

describe("personaZ1r", () => {
  test.each(variants)("%s conserves the persona and is a mixture of factored processes", (variant) => {
    expect(personaZ1r({ variant })).toMatchObject({
      defect: 0,
      kind: "sector",
      strong: true,
      certificate: { kind: "hmm" },
    });
  });

  test("is as tabulated: entries of the semi-factored variant", () => {
    const process = personaZ1r({ variant: "semi" });
    const entry = (token: number, from: number, to: number) => process.operator(token)[6 * from + to];
    expect(entry(0, 0, 1)).toBeCloseTo(0.75, 14); // aligned, S0 -> S1, u = 0, y = 0
    expect(entry(3, 4, 5)).toBeCloseTo(0.75, 14); // misaligned, S1 -> SR, u = 1, y = 1
    expect(entry(2, 5, 3)).toBeCloseTo(0.75 * 0.2, 14); // misaligned, SR -> S0, u = 1, y = 0
    expect(entry(3, 2, 0)).toBeCloseTo(0.25 * 0.2, 14); // aligned, SR -> S0, u = 1, y = 1
    expect(entry(0, 0, 4)).toBe(0);
  });

  // goldens of the theory: operator-Schmidt entropies in bits, tokens 00 01 10 11
  test.each([
    ["factored", 1, [0, 0, 0, 0]],
    ["semi", 2, [0.101, 0.1819, 0.1819, 0.101]],
    ["semi-s", 2, [0.1495, 0.0223, 0.5785, 0.0874]],
  ] as const)("golden: %s has operator-Schmidt rank %d and entropies %j", (variant, rank, entropies) => {
    const process = personaZ1r({ variant });
    const operators = operatorFactorization(process, process.structure).tokens;
    expect(operators.map((operator) => operator.rank)).toEqual([rank, rank, rank, rank]);
    expect(
      roundedTo(
        4,
        operators.map((operator) => operator.entropy),
      ),
    ).toEqual(entropies);
  });

  test.each([
    [0, 0],
    [0.1, 0.01168],
    [0.2, 0.03685],
    [0.3, 0.0687],
  ])("golden: personas with random bits .5 -+ %d are %d away from factored", (difference, golden) => {
    const process = personaZ1r({ random: [0.5 - difference, 0.5 + difference] });
    const { fbar } = operatorFactorization(process, process.structure);
    expect(Math.abs(1 - fbar - golden)).toBeLessThan(6e-6);
  });

  test.each([
    ["factored", 1.051921],
    ["semi", 1.051921],
    ["semi-s", 0.991051],
  ] as const)("golden: both blocks of %s have entropy rate %d bits", (variant, golden) => {
    for (const block of [0, 1]) {
      const curve = blockEntropyCurve(blockProcess(personaZ1r({ variant }), block), 7);
      // averaged over a period, after the phase is known
      expect(((curve[7] ?? 0) - (curve[4] ?? 0)) / 3).toBeCloseTo(golden, 5);
    }
  });

  test("golden: belief correlation vanishes once the phase is known, although the operators do not factor", () => {
    expect(roundedTo(4, meanInformation("factored", 5))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(roundedTo(4, meanInformation("semi", 5))).toEqual([0, 0.0489, 0.0566, 0, 0, 0]);
    expect(roundedTo(4, meanInformation("semi-s", 5))).toEqual([0, 0.0718, 0.0619, 0, 0, 0]);
  });

  test("golden: the two token bits share information in the semi-factored variant only", () => {
    const shared = (variant: "factored" | "semi", length: number) =>
      mutualInformationOf(
        wordsOfLength(personaZ1r({ variant }), length),
        (word) => word.tokens.map((token) => token >> 1).join(""),
        (word) => word.tokens.map((token) => token & 1).join(""),
      );
    [0.0072, 0.0361, 0.1409, 0.1988, 0.2612, 0.3263].forEach((golden, i) => {
      expect(Math.abs(shared("semi", i + 1) - golden)).toBeLessThan(1e-4);
    });
    expect(shared("factored", 4)).toBeCloseTo(0, 12);
  });

  test("takes initial weights", () => {
    const { initial } = personaZ1r({ weights: [0.9, 0.1] });
    expect(initial[0]).toBeCloseTo(0.3, 14);
    expect(initial[5]).toBeCloseTo(0.1 / 3, 14);
  });

  test("refuses bad parameters by name", () => {
    expect(() => personaZ1r({ random: [0.5, 1.5] })).toThrow("personaZ1r: random[1] is 1.5");
    expect(() => personaZ1r({ weights: [0.5, 0.6] })).toThrow(NotNormalizedError);
    expect(() => personaZ1r(JSON.parse('{ "variant": "none" }'))).toThrow('variant is "none"');
    expect(() => personaZ1r(JSON.parse('{ "marked": [[0.5], [0.5]] }'))).toThrow(ShapeError);
  });
});

test("refuses lists with holes, which are no zeros", () => {
  const random = [0.2];
  random[2] = 0.8;
  expect(() => personaZ1r({ random })).toThrow("personaZ1r: random[1] is NaN");
  const marked: ByPhase[] = [[0.1, 0.2, 0.3]];
  marked[2] = [0.1, 0.2, 0.3];
  expect(() => personaZ1r({ marked })).toThrow("personaZ1r: marked[1] is undefined");
});
