import { expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { parameterSpecs } from "../../model/parameters.ts";
import { oracleBatch, oracleCases, relativeError } from "./cases.ts";
import { engineGradient } from "./engine-gradient.ts";

const engine = createReferenceEngine();

test("gradients of adapters alone are those of all parameters", () => {
  const { model } = oracleCases.find(({ trainable }) => trainable === "adapters") ?? { model: undefined };
  if (model === undefined) throw new Error("no case");
  const all = engineGradient(engine, model, oracleBatch, "all");
  const some = engineGradient(engine, model, oracleBatch, "adapters");
  const lora = parameterSpecs(model.config, model.adapters).filter(({ name }) => name.includes("lora"));
  expect([...some.gradients.keys()].sort()).toEqual(lora.map(({ name }) => name).sort());
  expect(relativeError(some.gradients, all.gradients)).toBeLessThan(1e-12);
  expect(some.loss).toBeCloseTo(all.loss, 12);
});

test("the cases reach every parameter with a gradient that is not 0, but for the biases of keys without rotation or cap", () => {
  for (const { model, trainable } of oracleCases) {
    const { gradients } = engineGradient(engine, model, oracleBatch, trainable);
    for (const [name, values] of gradients) {
      if (name.endsWith("attn.b_K")) continue;
      expect(Math.max(...Array.from(values, Math.abs)), name).toBeGreaterThan(1e-4);
    }
  }
});

test("a difference in one entry of one parameter shows", () => {
  const [first] = oracleCases;
  if (first === undefined) throw new Error("no case");
  const { gradients } = engineGradient(engine, first.model, oracleBatch, "all");
  expect(relativeError(gradients, gradients)).toBe(0);
  for (const [name, values] of gradients) {
    const changed = Float64Array.from(values);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) + 0.01;
    expect(relativeError(gradients, new Map(gradients).set(name, changed)), name).toBeGreaterThan(1e-3);
    expect(relativeError(gradients, new Map(gradients).set(name, changed.fill(Number.NaN)))).toBe(
      Number.POSITIVE_INFINITY,
    );
  }
  expect(relativeError(gradients, new Map())).toBe(Number.POSITIVE_INFINITY);
});
