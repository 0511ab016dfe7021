import { describe, expect, test } from "vitest";
import { contextPersonas } from "../context-personas.ts";
import { type FamilyDescription, familyDescription, quantity } from "./description.ts";

const entropy = { name: "entropy", unit: "bits", value: 1, formula: "1" } as const;

describe("quantity", () => {
  test("is matched exactly where nothing changes it", () => {
    expect(quantity(entropy)).toEqual({ ...entropy, matched: true, varies: [] });
    expect(quantity(entropy, "alpha", "kappa")).toEqual({ ...entropy, matched: false, varies: ["alpha", "kappa"] });
  });

  test("cannot be changed, and leaves what it was given as it was", () => {
    const fields = { ...entropy };
    const made = quantity(fields, "alpha");
    expect([made, made.varies].every(Object.isFrozen)).toBe(true);
    expect(() => Object.assign(made, { value: 2 })).toThrow(TypeError);
    expect(Object.isFrozen(fields)).toBe(false);
    expect(fields).toEqual(entropy);
  });
});

test("familyDescription freezes the description and every list in it, and changes nothing", () => {
  const fields = (): FamilyDescription => ({
    name: "contextPersonas",
    summary: "",
    operators: "",
    symbol: "",
    kind: "sector",
    parameters: [
      { name: "alpha", range: [0, 1], example: [0.5], meaning: "" },
      { name: "variant", choices: ["a", "b"], example: "a", meaning: "" },
    ],
    compares: ["alpha"],
    matched: ["entropy"],
    varies: ["generalisation"],
    use: "",
    create: contextPersonas,
    quantities: () => [],
  });
  const made = familyDescription(fields());
  const parts = made.parameters.flatMap((parameter) => [
    parameter,
    parameter.range ?? [],
    parameter.choices ?? [],
    parameter.example,
  ]);
  const given = parts.filter((part) => !(Array.isArray(part) && part.length === 0));
  expect(given.length).toBe(6);
  expect([made, made.parameters, made.compares, made.matched, made.varies, ...given].every(Object.isFrozen)).toBe(true);
  expect({ ...made, quantities: undefined }).toEqual({ ...fields(), quantities: undefined });
});
