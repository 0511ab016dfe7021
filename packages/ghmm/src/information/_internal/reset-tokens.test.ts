import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../../arbitraries/index.ts";
import { beliefState } from "../../belief/update.ts";
import { createHmm } from "../../process/create.ts";
import { coin } from "../../processes/coin.ts";
import { evenOnes } from "../../processes/even-ones.ts";
import { fanizza } from "../../processes/fanizza.ts";
import { goldenMean } from "../../processes/golden-mean.ts";
import { mess3 } from "../../processes/mess3.ts";
import { rrxor } from "../../processes/rrxor.ts";
import { simpleNonunifilar } from "../../processes/simple-nonunifilar.ts";
import { resetTokens } from "./reset-tokens.ts";

describe("resetTokens", () => {
  test.each([
    ["coin", coin({ p: 0.5 }), [0, 1]],
    ["goldenMean", goldenMean({ p: 0.5 }), [0, 1]],
    ["evenOnes", evenOnes({ p: 0.5 }), [0]],
    ["simpleNonunifilar", simpleNonunifilar({}), [1]],
    ["fanizza", fanizza({ alpha: 2000, lambda: 0.49 }), [0]],
    ["mess3", mess3({ x: 0.15, a: 0.6 }), []],
    ["rrxor", rrxor({}), []],
  ])("of %s", (_, process, expected) => {
    const resets = resetTokens(process);
    expect([...resets.keys()]).toEqual(expected);
    for (const [token, belief] of resets) {
      const after = beliefState(process, [token]);
      belief.forEach((value, s) => {
        expect(value).toBeCloseTo(after[s] ?? Number.NaN, 12);
      });
    }
  });

  test.prop([hmm({ maxStates: 1 })], { numRuns: 10 })("in one dimension every token is one", (process) => {
    expect(resetTokens(process).size).toBe(process.alphabet.length);
  });

  test.prop([gaugeTransformed()], { numRuns: 20 })(
    "are found in other coordinates as well as in the first ones",
    (pair) => {
      const [a, b] = [pair.hmm, pair.ghmm].map((process) => [...resetTokens(process).keys()]);
      if (pair.hmm.stateDim === 1) expect(b).toEqual(a);
      else expect(b?.length).toBeLessThanOrEqual(pair.hmm.alphabet.length);
    },
  );

  test("a token that never comes is none", () => {
    const process = createHmm({
      operators: [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ],
    });
    expect(resetTokens(process).size).toBe(0);
  });
});
