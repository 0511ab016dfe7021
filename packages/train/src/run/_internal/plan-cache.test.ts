import { expect, test } from "vitest";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { createTransformer } from "../../model/transformer.ts";
import type { Plan } from "../../plan/types.ts";
import { withPlan } from "./plan-cache.ts";

const sizes = { nLayers: 1, dModel: 2, nHeads: 1, nCtx: 9, vocabularySize: 2 };
const { config } = createTransformer(sizes);

test("a plan is compiled once, and the least recently used of more than eight is released", async () => {
  const released: Plan[] = [];
  const engine: Engine = { ...createReferenceEngine(), release: (plan) => void released.push(plan) };
  const of = (length: number): Promise<Plan> =>
    withPlan(engine, { config, batch: 1, length }, "test", async (plan) => plan);
  const first = await of(1);
  const second = await of(2);
  for (let length = 3; length <= 8; length++) await of(length);
  expect(await of(1)).toBe(first);
  expect(released).toEqual([]);
  await of(9);
  expect(released).toHaveLength(1);
  expect(released[0]).toBe(second);
  expect(await of(1)).toBe(first);
  expect(await of(2)).not.toBe(second);
});

test("models that differ in how they were initialised share a plan, others do not", async () => {
  const engine = createReferenceEngine();
  const of = (options: object): Promise<Plan> => {
    const model = createTransformer({ ...sizes, ...options });
    return withPlan(engine, { config: model.config, batch: 1, length: 2 }, "test", async (plan) => plan);
  };
  const plan = await of({});
  expect(await of({ initKey: [3, 4], initScale: 0.1 })).toBe(plan);
  expect(await of({ attentionScale: 0.5 })).not.toBe(plan);
});

test("uses of an engine come one after another, also after one that failed", async () => {
  const engine = createReferenceEngine();
  const events: string[] = [];
  const use = (name: string, length: number) =>
    withPlan(engine, { config, batch: 1, length }, "test", async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push(`${name} ends`);
      if (name === "b") throw new Error("no");
      return name;
    });
  const results = await Promise.allSettled([use("a", 1), use("b", 2), use("c", 10), use("d", 1)]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "d begins", "d ends"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
});
