import { expect, test } from "vitest";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { createTransformer } from "../../model/transformer.ts";
import type { Plan } from "../../plan/types.ts";
import { cachedPlan } from "./plan-cache.ts";

test("a plan is compiled once, and the least recently used of more than eight is released", () => {
  const { config } = createTransformer({ nLayers: 1, dModel: 2, nHeads: 1, nCtx: 9, vocabularySize: 2 });
  const released: Plan[] = [];
  const engine: Engine = { ...createReferenceEngine(), release: (plan) => void released.push(plan) };
  const of = (length: number): Plan => cachedPlan(engine, { config, batch: 1, length }, "test");
  const first = of(1);
  const second = of(2);
  for (let length = 3; length <= 8; length++) of(length);
  expect(of(1)).toBe(first);
  expect(released).toEqual([]);
  of(9);
  expect(released).toHaveLength(1);
  expect(released[0]).toBe(second);
  expect(of(1)).toBe(first);
  expect(of(2)).not.toBe(second);
});
