import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { tensorStructure } from "../tensor-structure.ts";
import { factorIndex } from "./factor-index.ts";

const names = ["first", "second", "third"] as const;
const structure = tensorStructure({
  factors: [
    { name: "first", dimension: 1 },
    { name: "second", dimension: 2 },
    { name: "third", dimension: 3 },
  ],
});

describe("factorIndex", () => {
  test("is the place of the factor in the structure", () => {
    expect(names.map((name) => factorIndex("test", structure, name))).toEqual([0, 1, 2]);
    names.forEach((name) => void expect(structure.factors[factorIndex("test", structure, name)]?.name).toBe(name));
  });

  test.each(["fourth", "", "First"])(
    "the name %j is refused for the function that was called, with the names there are",
    (name) => {
      const look = () => factorIndex("someFunction", structure, name);
      expect(look).toThrow(InvalidArgumentError);
      expect(look).toThrow(
        `someFunction: there is no factor called ${JSON.stringify(name)}. Give one of "first", "second", "third".`,
      );
    },
  );
});
