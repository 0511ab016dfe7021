import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { mess3 } from "./mess3.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("mess3", () => {
  test("stays with 1 - 2x and shows its new state with probability a", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    for (let z = 0; z < 3; z++) {
      process.operator(z).forEach((value, i) => {
        const [from, to] = [Math.floor(i / 3), i % 3];
        expect(value).toBeCloseTo((z === to ? 0.6 : 0.2) * (from === to ? 0.7 : 0.15), 15);
      });
    }
  });

  test.prop([share, share, fc.array(fc.constantFrom(0, 1, 2), { maxLength: 5 }), fc.constantFrom(0, 1, 2)])(
    "its three states are alike: renaming the tokens cyclically changes no word's probability",
    (x, a, word, shift) => {
      const process = mess3({ x: x / 2, a });
      const renamed = word.map((token) => (token + shift) % 3);
      expect(wordProbability(process, renamed)).toBeCloseTo(wordProbability(process, word), 13);
    },
  );

  test("without information, or with states forgotten at once, tokens are uniform and independent", () => {
    for (const process of [mess3({ x: 0.15, a: 1 / 3 }), mess3({ x: 1 / 3, a: 0.6 })]) {
      expect(wordProbability(process, [0, 0, 1, 2])).toBeCloseTo(1 / 81, 14);
    }
  });

  test.each([
    [{ x: 0.6, a: 0.5 }, "mess3: x is 0.6. Give x from 0 to 0.5."],
    [{ x: 0.1, a: 1.1 }, "mess3: a is 1.1. Give a from 0 to 1."],
  ])("names the range of a bad parameter: %o", (parameters, message) => {
    expect(() => mess3(parameters)).toThrow(InvalidArgumentError);
    expect(() => mess3(parameters)).toThrow(message);
  });
});
