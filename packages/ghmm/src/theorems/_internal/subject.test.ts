import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { hmm } from "../../arbitraries/processes.ts";
import { nonErgodicHmm } from "../../arbitraries/structured.ts";
import { wordProbability } from "../../belief/probability.ts";
import { changeBasis } from "../../compose/change-basis.ts";
import { withParts } from "../../process/with-parts.ts";
import { goldenMean } from "../../processes/golden-mean.ts";
import { mess3 } from "../../processes/mess3.ts";
import { isKept, isStationary, lengthWithin, mildBasis, sampledWord } from "./subject.ts";

const golden = goldenMean({ p: 0.5 });

describe("isStationary", () => {
  property.prop([
    fc.oneof(
      hmm(),
      nonErgodicHmm().map(({ process }) => process),
    ),
  ])("holds for generated starts", (process) => {
    expect(isStationary(process)).toBe(true);
  });

  test("a corner, a doubled start and a start with few digits do not", () => {
    expect(isStationary(golden)).toBe(true);
    for (const initial of [
      [1, 0],
      [4 / 3, 2 / 3],
      [0.6667, 0.3333],
    ]) {
      expect(isStationary(withParts(golden, { initial: Float64Array.from(initial) }))).toBe(false);
    }
  });

  test("the normalizer must be kept", () => {
    expect(isStationary(withParts(golden, { normalizer: Float64Array.of(1.5, 0) }))).toBe(false);
    expect(isKept(golden, Float64Array.of(2, 2))).toBe(true);
    expect(isKept(golden, Float64Array.of(1, 0))).toBe(false);
  });
});

test("lengths whose words fit into 2^16 coordinates, 2 at least", () => {
  const process = mess3({ x: 0.15, a: 0.6 });
  expect(lengthWithin(process, 3)).toBe(3);
  // 3 * 3^9 = 59049, 3 * 3^10 = 177147
  expect(lengthWithin(process, 100)).toBe(9);
  expect(lengthWithin({ ...process, stateDim: 2 ** 20 }, 5)).toBe(2);
  expect(lengthWithin({ ...process, alphabet: ["0"], stateDim: 1 }, 5)).toBe(5);
});

test("the sampled word is possible and always the same", () => {
  const word = sampledWord(golden);
  expect(word).toHaveLength(8);
  expect(sampledWord(golden)).toEqual(word);
  expect(wordProbability(golden, word)).toBeGreaterThan(0);
});

test("the mild basis has a condition number below 3", () => {
  expect(mildBasis(3)).toEqual([
    [1, 0.5, 0],
    [0, 1, 0.5],
    [0, 0, 1],
  ]);
  expect(changeBasis(mess3({ x: 0.15, a: 0.6 }), mildBasis(3)).condition).toBeLessThan(3);
  expect(() => mildBasis(2 ** 24)).toThrow("a basis of 16777216 states would be written out");
});
