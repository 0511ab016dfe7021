import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { compilePlan } from "./compile.ts";
import { defaultShards } from "./shards.ts";

describe("shards", () => {
  test.each([
    [128, 8],
    [64, 4],
    [96, 6],
    [100, 5],
    [7, 1],
    [1, 1],
    [512, 16],
  ])("a batch of %s has %s", (batch, shards) => {
    expect(defaultShards(batch)).toBe(shards);
  });

  const batches = fc.integer({ min: 1, max: 5000 });

  test.prop([batches])("they always divide the batch and never exceed 16", (batch) => {
    expect(batch % defaultShards(batch)).toBe(0);
    expect(defaultShards(batch)).toBeLessThanOrEqual(16);
  });

  test.prop([batches])("no other divisor up to 16 has shards closer to 16 sequences, by ratio", (batch) => {
    const distance = (shards: number): number => Math.max(batch / shards / 16, (16 * shards) / batch);
    for (let shards = 1; shards <= Math.min(16, batch); shards++) {
      if (batch % shards > 0) continue;
      expect(distance(defaultShards(batch))).toBeLessThanOrEqual(distance(shards) * (1 + 1e-12));
    }
  });

  test.prop([fc.integer({ min: 1, max: 100 })], { numRuns: 10 })(
    "a plan has this number where none is given",
    (batch) => {
      const { config } = randomModel();
      expect(compilePlan({ config, batch, length: 1 }).shards).toBe(defaultShards(batch));
    },
  );
});

test("a batch of few long sequences is divided too, one of few short ones is not", () => {
  expect(defaultShards(16, 64)).toBe(4);
  expect(defaultShards(16, 63)).toBe(1);
  expect(defaultShards(32, 32)).toBe(4);
  expect(defaultShards(32, 16)).toBe(2);
  expect(defaultShards(7, 1000)).toBe(7);
  expect(defaultShards(1, 5000)).toBe(1);
  for (const length of [1, 16, 1024]) expect(defaultShards(128, length)).toBe(8);
});
