import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { entries } from "./_testing/entries.ts";
import { matchingParentheses } from "./matching-parentheses.ts";

const open = fc.double({ min: 0.05, max: 1, noNaN: true });
const probabilities = fc.array(open, { maxLength: 4 }).map((rest) => [1, ...rest]);

describe("matchingParentheses", () => {
  test("operators", () => {
    expect(entries(matchingParentheses({ openProbabilities: [1, 0.25] }))).toEqual({
      "(: 0->1": 1,
      "(: 1->2": 0.25,
      "): 1->0": 0.75,
      "): 2->1": 1,
    });
  });

  test("golden 4: four states, stationary (1, 2, 2, 1) / 6", () => {
    const process = matchingParentheses({ openProbabilities: [1, 0.5, 0.5] });
    expect(process.stateDim).toBe(4);
    [1, 2, 2, 1].forEach((weight, depth) => {
      expect(process.initial[depth]).toBeCloseTo(weight / 6, 15);
    });
  });

  test.prop([probabilities])("a last zero may be written or not", (openProbabilities) => {
    const [short, long] = [openProbabilities, [...openProbabilities, 0]].map((given) =>
      matchingParentheses({ openProbabilities: given }),
    );
    if (short === undefined || long === undefined) throw new Error("two processes");
    expect(entries(short)).toEqual(entries(long));
    expect(short.initial).toEqual(long.initial);
  });

  test.prop([probabilities, fc.array(fc.constantFrom(0, 1), { maxLength: 8 })])(
    "from depth 0, exactly the words that stay between 0 and the greatest depth are possible",
    (openProbabilities, word) => {
      const process = matchingParentheses({ openProbabilities });
      const initial = new Float64Array(process.stateDim);
      initial[0] = 1;
      let [depth, expected] = [0, 1];
      for (const token of word) {
        const up = [...openProbabilities, 0][depth] ?? 0;
        expected *= token === 0 ? up : 1 - up;
        depth += token === 0 ? 1 : -1;
      }
      expect(wordProbability({ ...process, initial }, word)).toBeCloseTo(expected, 11);
    },
  );

  test("depths that are left for good have stationary probability 0", () => {
    expect(Array.from(matchingParentheses({ openProbabilities: [1, 1] }).initial)).toEqual([0, 0.5, 0.5]);
  });

  test("depths that are hardly ever reached", () => {
    for (const rare of [1e-3, 1e-300, 5e-324]) {
      const { initial } = matchingParentheses({ openProbabilities: [1, ...new Array<number>(400).fill(rare)] });
      const [first = 0, second = 0, third = 0] = initial;
      expect(initial.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(first).toBeCloseTo(second * (1 - rare), 12);
      expect(third * (1 - rare)).toBeCloseTo(second * rare, 12);
      expect(second).toBeCloseTo(0.5, 3);
    }
  });

  test.each([
    [[], ShapeError, "openProbabilities has 0 entries. Give from 1 to 1000"],
    [[0], ShapeError, "openProbabilities has 1 entries"],
    [new Array<number>(2000).fill(1), ShapeError, "openProbabilities has 2000 entries"],
    [[0.5, 0.5], InvalidArgumentError, "openProbabilities[0] is 0.5. Give 1 for depth 0"],
    [[1, 0, 0.5], InvalidArgumentError, "openProbabilities[1] is 0. Give openProbabilities[1] above 0 and at most 1"],
    [[1, Number.NaN], InvalidArgumentError, "openProbabilities[1] is NaN"],
  ])("refuses %j", (openProbabilities, error, message) => {
    expect(() => matchingParentheses({ openProbabilities })).toThrow(error);
    expect(() => matchingParentheses({ openProbabilities })).toThrow(message);
  });
});
