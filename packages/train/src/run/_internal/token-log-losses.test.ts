import {
  createKey,
  evenOnes,
  logWordProbability,
  mess3,
  sampleSequences,
  tensorProduct,
  ZeroProbabilityError,
} from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { tokenLogLosses } from "./token-log-losses.ts";

const factor = mess3({ x: 0.15, a: 0.6 });

test.each([
  ["a small process", evenOnes({ p: 0.3 }), 5],
  // 27 states and 2^20 elements at once: 3 sequences of 12000 tokens do not fit together.
  ["a process whose beliefs are filtered in parts", tensorProduct(factor, factor, factor), 12000],
])("%s: sums of the losses are log-probabilities of words", (_, process, length) => {
  const { tokens } = sampleSequences(process, { count: 4, length, key: createKey(3) });
  const losses = tokenLogLosses(process, tokens, length);
  expect(losses.length).toBe(4 * length);
  for (let i = 0; i < 4; i++) {
    const own = losses.subarray(i * length, (i + 1) * length);
    const word = tokens.subarray(i * length, (i + 1) * length);
    const total = own.reduce((sum, loss) => sum + loss, 0);
    expect(total / -logWordProbability(process, word)).toBeCloseTo(1, 10);
    expect(own[2]).toBeCloseTo(
      logWordProbability(process, word.subarray(0, 2)) - logWordProbability(process, word.subarray(0, 3)),
      10,
    );
  }
});

test("an impossible sequence is named", () => {
  expect(() => tokenLogLosses(evenOnes({ p: 0.3 }), Int32Array.of(0, 1, 0), 3)).toThrow(ZeroProbabilityError);
});
