import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { adapterNames, cellConfig, cellConfigSchema, cellNames, runName, totalSteps } from "./config.ts";

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

test("totalSteps counts pretraining once and every adapter once per narrow set", () => {
  const config = cellConfig(choice);
  const perSet = adapterNames.map((adapter) => config.fineTune[adapter].steps).reduce((a, b) => a + b, 0);
  expect(totalSteps(config)).toBe(8000 + 3 * perSet);
});
