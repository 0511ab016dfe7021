import { describe, expect, test } from "vitest";
import { families } from "../namespace.ts";
import { list } from "./list.ts";

describe.each(list().map((family) => [family.name, family] as const))("list: %s", (name, family) => {
  const required = name === "leakySector" ? { leak: 0.1 } : name === "personaSegments" ? { code: "pairs" } : {};

  test("belongs to the function of that name, and every family is there", () => {
    expect(family.create).toBe(Object.entries(families).find(([key]) => key === name)?.[1]);
    expect(list().length).toBe(Object.keys(families).length - 1); // all but list
    expect(family.summary).toMatch(/^[A-Z].*[^.]$/);
    const names = family.parameters.map((parameter) => parameter.name);
    for (const compared of family.compares) expect(names).toContain(compared);
  });

  test("each parameter takes its example, and is refused outside its range by name", () => {
    for (const { name: parameter, range, example, choices } of family.parameters) {
      if (parameter === "chain" || parameter === "initialContext") continue; // together with contexts
      if (parameter === "perSequence") continue; // at most the contexts
      const make = (value: unknown) => () => family.create({ ...required, [parameter]: value });
      expect(make(example)).not.toThrow();
      if (choices !== undefined) expect(make("other")).toThrow(`${parameter} is "other"`);
      if (range === undefined || typeof example !== "number") continue;
      for (const value of [range[0] - 0.5, range[1] + 1, Number.NaN]) {
        expect(make(value)).toThrow(new RegExp(`^${name}: .*${parameter}.* is ${value}`));
      }
    }
  });

  test("a default is what is taken when the parameter is left out", () => {
    const implicit = family.quantities(required);
    for (const { name: parameter, default: standard } of family.parameters) {
      if (standard === undefined) continue;
      expect(family.quantities({ ...required, [parameter]: standard })).toEqual(implicit);
    }
  });

  test("quantities have different names, and those that are matched do not vary", () => {
    const quantities = family.quantities(required);
    expect(new Set(quantities.map((quantity) => quantity.name)).size).toBe(quantities.length);
    for (const { matched, varies, value, formula } of quantities) {
      expect(matched).toBe(varies.length === 0);
      expect(Number.isFinite(value)).toBe(true);
      expect(formula).toMatch(/^[^|]+$/); // a bar would end the cell of a Markdown table
      for (const parameter of varies) expect(family.compares).toContain(parameter);
    }
  });

  test("a quantity changes with the compared parameters that it names and with no other", () => {
    for (const compared of family.compares) {
      const parameter = family.parameters.find((one) => one.name === compared);
      const values = parameter?.choices ?? [0, 0.2, 0.35, 0.7, 1];
      const tables = values.map((value) => family.quantities({ ...required, [compared]: value }));
      tables[0]?.forEach(({ name: quantity }, i) => {
        const column = tables.map((table) => table[i]?.value ?? Number.NaN);
        const spread = Math.max(...column) - Math.min(...column);
        const names = tables.some((table) => table[i]?.varies.includes(compared));
        if (names) expect(spread, `${quantity} with ${compared}`).toBeGreaterThan(1e-6);
        else expect(spread, `${quantity} with ${compared}`).toBeLessThan(1e-12);
      });
    }
  });

  test("cannot be changed", () => {
    for (const part of [list(), family, family.parameters, family.compares, ...family.parameters]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});
