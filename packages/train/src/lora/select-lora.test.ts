import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import { perturbed, randomModel } from "../model/_testing/random-model.ts";
import type { Transformer } from "../model/transformer.ts";
import { compilePlan } from "../plan/compile.ts";
import { packParameters, unpackParameters } from "../plan/parameter-layout.ts";
import { logits } from "./_testing/logits.ts";
import { addLora } from "./add-lora.ts";
import { mergeLora, unmergeLora } from "./merge-lora.ts";
import { enableLora, removeLora } from "./select-lora.ts";

/** Three adapters: `broad` and `narrow` share a layer, `b` is beside them and named like a bias. */
const shared = "blocks.0.attn.W_Q";
const base = randomModel();
const model = perturbed(
  [
    { target: "blocks.*.attn.W_Q", rank: 4, name: "broad" },
    { target: [shared, "unembed.W_U"], rank: 1, alpha: -2, rsLora: true, name: "narrow" },
    { target: shared, rank: 2, alpha: 3, name: "b" },
  ].reduce((before: Transformer, options, i) => addLora(before, { ...options, key: createKey(i) }), base),
);
/** The same in float64, as the reference engine trains it. */
const exact: Transformer = {
  ...model,
  weights: new Map(Array.from(model.weights, ([name, values]) => [name, Float64Array.from(values)])),
};

const subsets = [["b"], ["broad"], ["narrow", "b"], ["broad", "narrow", "b"]];

describe.each(subsets.map((names) => ({ names })))("of three adapters, $names enabled", ({ names }) => {
  const chosen = enableLora(exact, names);
  const others = ["broad", "narrow", "b"].filter((name) => !names.includes(name));

  test("compute what the model without the others computes", async () => {
    expect(largestError(await logits(chosen), await logits(removeLora(exact, others)))).toBeLessThan(1e-12);
  });

  test("merge in float64 to the same function; the others stay, disabled", async () => {
    const merged = mergeLora(chosen);
    expect(largestError(await logits(merged), await logits(chosen))).toBeLessThan(1e-12);
    expect(merged.weights.get(shared)).toBeInstanceOf(Float64Array);
    expect(new Set(merged.adapters.map(({ name }) => name))).toEqual(new Set(others));
    for (const { name, enabled } of merged.adapters) expect([name, enabled]).toEqual([name, false]);
    expect(unmergeLora(merged)).toBe(chosen);
    // Those that stayed can be enabled and merged too: all of them together.
    if (others.length === 0) return;
    const all = mergeLora(enableLora(merged, others));
    expect(largestError(await logits(all), await logits(exact))).toBeLessThan(1e-12);
  });

  test("a step trains them and leaves the others and the base as they are", async () => {
    const { config, adapters } = chosen;
    const plan = compilePlan({ config, adapters, batch: 2, length: 3, trainable: "adapters", optimizer: "sgd" });
    const engine = createReferenceEngine();
    engine.upload(plan, "parameters", packParameters(plan.parameters, chosen.weights, "test"));
    engine.upload(plan, "targets", [1, 2, 0, 1, 1, 2]);
    engine.upload(plan, "weights", new Float64Array(6).fill(1 / 6));
    // Learning rate 0.1, weight decay 0.1.
    engine.upload(plan, "scalars", [0.1, 0, 0, 0, 0.1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    engine.execute(plan, "step");
    const after = unpackParameters(plan.parameters, Float64Array.from(engine.download(plan, "parameters")));
    const suffixes = names.map((name) => `.${name}`);
    for (const [name, values] of after) {
      const trained = name.includes(".lora_") && suffixes.some((suffix) => name.endsWith(suffix));
      const same = largestError(values, chosen.weights.get(name) ?? []) === 0;
      expect([name, same]).toEqual([name, !trained]);
    }
  });
});

test("all disabled, the model computes what it does without them", async () => {
  expect(await logits(enableLora(model, []))).toEqual(await logits(removeLora(model, ["broad", "narrow", "b"])));
});

test("an adapter is merged by its name though it is disabled", async () => {
  const off = enableLora(exact, []);
  const merged = mergeLora(off, { names: ["narrow"] });
  expect(largestError(await logits(merged), await logits(enableLora(exact, ["narrow"])))).toBeLessThan(1e-12);
  expect(() => mergeLora(off)).toThrow(/no adapters to merge.*enableLora/s);
});

test("removing all adapters gives back the base model, with its own weights", () => {
  const removed = removeLora(addLora(base, { target: shared, rank: 1, key: createKey(0) }), ["default"]);
  expect(removed).toEqual(base);
  for (const [name, values] of removed.weights) expect(values).toBe(base.weights.get(name));
});

describe("callers without types", () => {
  type Untyped = (...given: readonly unknown[]) => unknown;
  test.each<[string, Untyped, readonly unknown[], RegExp]>([
    ["addLora", addLora as Untyped, [undefined, { target: shared, rank: 1, key: createKey(0) }], /model is no model/],
    ["addLora", addLora as Untyped, [base], /options is undefined/],
    ["addLora", addLora as Untyped, [base, { rank: 1, key: createKey(0) }], /no target/],
    ["addLora", addLora as Untyped, [base, { target: 3, rank: 1, key: createKey(0) }], /target is 3/],
    ["addLora", addLora as Untyped, [base, { target: [shared, null], rank: 1 }], /a target is null/],
    ["addLora", addLora as Untyped, [base, { target: shared, key: createKey(0) }], /rank is undefined/],
    ["addLora", addLora as Untyped, [base, { target: shared, rank: 1 }], /key is undefined/],
    ["enableLora", enableLora as Untyped, [Promise.resolve(model), []], /model is a promise. Await it/],
    ["enableLora", enableLora as Untyped, [model, "broad"], /names is "broad"/],
    ["enableLora", enableLora as Untyped, [model], /names is undefined/],
    ["removeLora", removeLora as Untyped, [{}, ["b"]], /model is no model/],
    ["mergeLora", mergeLora as Untyped, [null], /model is no model/],
    ["mergeLora", mergeLora as Untyped, [model, { names: "b" }], /names is "b"/],
    ["unmergeLora", unmergeLora as Untyped, [undefined], /model is no model/],
  ])("%s is told what is wrong (%#)", (_, call, given, message) => {
    expect(() => call(...given)).toThrow(message);
    expect(() => call(...given)).toThrow(expect.objectContaining({ name: expect.stringMatching(/^(Invalid|Shape)/) }));
  });

  test("an error is an InvalidArgumentError where a name is unknown", () => {
    expect(() => enableLora(model, ["bread"])).toThrow(InvalidArgumentError);
  });
});
