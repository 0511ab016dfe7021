import { describe, expect, test } from "vitest";
import { coin } from "./coin.ts";
import { description } from "./description.ts";

describe("description", () => {
  test("freezes what it was given, down to the ranges", () => {
    const parameters = [{ name: "p", range: [0, 1] as const, example: [0.5], meaning: "a share" }];
    const made = description({ name: "x", summary: "X", parameters, alphabet: ["0"], create: coin });
    expect(made.parameters).toBe(parameters);
    for (const part of [made, made.alphabet, parameters, parameters[0], parameters[0]?.range, parameters[0]?.example]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(made.states).toBeUndefined();
  });
});
