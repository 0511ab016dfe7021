import { CorruptFileError } from "@semifactor/ghmm";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { adapterNames, cellConfig, cellConfigSchema, cellNames, requireConfig, runName, totalSteps } from "./config.ts";

const choice = { cell: "shared-pairs", seed: 0, engine: "wasm-simd", smoke: false } as const;

describe("cellConfig", () => {
  test("fits its own schema", () => {
    for (const smoke of [true, false]) {
      const config = cellConfig({ ...choice, smoke });
      expect(v.parse(cellConfigSchema, JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });

  test("a config of another version is refused", () => {
    expect(v.safeParse(cellConfigSchema, { ...cellConfig(choice), version: 0 }).success).toBe(false);
  });
});

describe("runName", () => {
  test("differs for every cell, seed, engine variant and recipe", () => {
    const names = [0, 1].flatMap((seed) =>
      cellNames.flatMap((cell) =>
        ["wasm-simd", "wasm-relaxed-simd"].flatMap((engine) =>
          [true, false].map((smoke) => runName(cellConfig({ cell, seed, engine, smoke }))),
        ),
      ),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("changes with any number of the recipe", () => {
    const config = cellConfig(choice);
    const other = { ...config, pretrain: { ...config.pretrain, learningRate: 1e-3 } };
    expect(runName(other)).not.toBe(runName(config));
  });
});

describe("requireConfig", () => {
  const config = cellConfig(choice);

  test("takes the same config in any order of keys", () => {
    const found = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(config).reverse())));
    expect(() => requireConfig("x.json", found, config)).not.toThrow();
  });

  test.each([
    ["another version", { version: 0 }, /x\.json has version = 0 where this run has 1/],
    ["another seed", { seed: 7 }, /seed = 7 where this run has 0/],
    [
      "a changed recipe",
      { gates: { ...config.gates, narrowShift: 0.5 } },
      /gates = .*0\.5.* where this run has .*0\.9/,
    ],
    ["a missing entry", { model: undefined }, /model = null/],
    ["an unknown entry", { dropout: 0.1 }, /dropout = 0\.1 where this run has null/],
  ])("%s is named", (_, change, message) => {
    expect(() => requireConfig("x.json", { ...config, ...change }, config)).toThrow(CorruptFileError);
    expect(() => requireConfig("x.json", { ...config, ...change }, config)).toThrow(message);
  });
});

test("totalSteps counts pretraining once and every adapter once per narrow set", () => {
  const config = cellConfig(choice);
  const perSet = adapterNames.map((adapter) => config.fineTune[adapter].steps).reduce((a, b) => a + b, 0);
  expect(totalSteps(config)).toBe(8000 + 3 * perSet);
});
