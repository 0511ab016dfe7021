import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { hashedTensors, tinyPublished } from "./published-checkpoint.ts";
import { publishedLogits } from "./published-logits.ts";

// published-logits.json was written by published-logits.py with torch 2.13.0 and transformers 5.18.0: the models of Hugging Face themselves, in float64 but for their
// rotary angles, which are float32.
const golden: {
  readonly tokens: readonly number[];
  readonly logits: Readonly<Record<keyof typeof tinyPublished, readonly (readonly number[])[]>>;
} = JSON.parse(await readFile(new URL("./published-logits.json", import.meta.url), "utf8"));

const models: unknown = JSON.parse(await readFile(new URL("./published-models.json", import.meta.url), "utf8"));

describe("the float64 oracle of published models", () => {
  test("the models of the scripts are these", () => {
    const here = Object.entries(tinyPublished).map(([name, { config, shapes }]) => {
      return [name, { config, shapes: Object.fromEntries(shapes) }] as const;
    });
    expect(models).toEqual(Object.fromEntries(here));
  });

  test.each(Object.entries(tinyPublished))("%s has the logits of transformers", (name, model) => {
    const logits = publishedLogits({ config: model.config, tensors: hashedTensors(model) }, golden.tokens);
    const expected = Object.entries(golden.logits).find(([label]) => label === name)?.[1] ?? [];
    const errors = logits.flatMap((row, t) => row.map((x, i) => Math.abs(x - (expected[t]?.[i] ?? Number.NaN))));
    expect(errors.length).toBe(golden.tokens.length * 11);
    expect(Math.max(...errors)).toBeLessThan(name === "gpt2" ? 1e-8 : 1e-6);
  });
});
