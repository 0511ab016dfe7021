import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { hashedTensors, hashedUniform, tinyPublished } from "../io/_testing/published-checkpoint.ts";
import { fromPretrained } from "../io/pretrained/from-pretrained.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../io/safetensors.ts";
import { openSafetensors } from "../io/tensor-source.ts";
import { run } from "../run/run.ts";
import { decodePeftAdapter, encodePeftAdapter } from "./peft-adapter.ts";

// Written by peft-golden.py with torch 2.13.0, transformers 5.18.0 and PEFT 0.21.0: the configuration and the names and shapes of the tensors are PEFT's own, the logits those of its
// models in float64 (their rotary angles in float32).
const golden: {
  readonly tokens: readonly number[];
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly base: keyof typeof tinyPublished;
        readonly config: Readonly<Record<string, unknown>>;
        readonly shapes: Readonly<Record<string, readonly number[]>>;
        readonly logits: readonly (readonly number[])[];
      }
    >
  >;
} = JSON.parse(await readFile(new URL("./peft-golden.json", import.meta.url), "utf8"));

/** The adapter's tensors, with the values that the script gave them. */
function adapterTensors(shapes: Readonly<Record<string, readonly number[]>>): ReadonlyMap<string, Tensor> {
  return new Map(
    Object.keys(shapes)
      .toSorted()
      .map((name, k) => {
        const shape = shapes[name] ?? [];
        const length = shape.reduce((product, size) => product * size, 1);
        return [name, { values: Float32Array.from({ length }, (_, i) => hashedUniform(k, i)), shape }];
      }),
  );
}

describe("adapters that PEFT wrote", () => {
  test.each(Object.entries(golden.cases))("%s: the logits of PEFT", async (_, { base, config, shapes, logits }) => {
    const published = tinyPublished[base];
    const bytes = encodeSafetensors({ tensors: hashedTensors(published), metadata: new Map() });
    const model = await fromPretrained({ config: published.config, tensors: await openSafetensors(bytes) });
    const tensors = adapterTensors(shapes);
    const files = { config: JSON.stringify(config), tensors: encodeSafetensors({ tensors, metadata: new Map() }) };
    const adapted = decodePeftAdapter(model, files);
    const { tokens } = golden;
    const result = await run(adapted, { tokens, length: tokens.length, engine: createReferenceEngine() });
    const errors = logits.flat().map((expected, i) => Math.abs((result.logits[i] ?? Number.NaN) - expected));
    expect(Math.max(...errors)).toBeLessThan(2e-6);

    // Written again, it has the same tensors under the same names: what was read from there loads there.
    const again = encodePeftAdapter(adapted);
    expect(new Map(decodeSafetensors(again.tensors).tensors)).toEqual(new Map(tensors));
    expect(decodePeftAdapter(model, again)).toEqual(adapted);
  });
});
