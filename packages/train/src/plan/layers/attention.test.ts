import { expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { run } from "../../run/run.ts";

const engine = createReferenceEngine();
const input = { tokens: [0, 1, 2, 4, 3, 1], length: 3, engine };
const model = randomModel();

test("attention rows are distributions over the past, and its output is added to the stream", async () => {
  const { captured } = await run(model, {
    ...input,
    capture: [
      "blocks.0.hook_resid_pre",
      "blocks.0.attn.hook_pattern",
      "blocks.0.hook_attn_out",
      "blocks.0.hook_resid_mid",
    ],
  });
  const pattern = Array.from(captured["blocks.0.attn.hook_pattern"].values);
  for (let row = 0; row < pattern.length / 3; row++) {
    const weights = pattern.slice(3 * row, 3 * row + 3);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights.slice((row % 3) + 1).every((weight) => weight === 0)).toBe(true);
  }
  const [pre, out] = [captured["blocks.0.hook_resid_pre"].values, captured["blocks.0.hook_attn_out"].values];
  for (const [i, value] of captured["blocks.0.hook_resid_mid"].values.entries()) {
    expect(value).toBeCloseTo((pre[i] ?? Number.NaN) + (out[i] ?? Number.NaN), 12);
  }
});
