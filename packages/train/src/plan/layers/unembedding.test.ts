import { expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { run } from "../../run/run.ts";

test.each([false, true])(
  "logits are the final norm times W_U plus b_U; tied: %s, then W_U is W_E transposed",
  async (tied) => {
    const model = randomModel({ tiedUnembedding: tied });
    const { logits, captured } = await run(model, {
      tokens: [0, 1, 2, 4, 3, 1],
      length: 3,
      engine: createReferenceEngine(),
      capture: ["ln_final.hook_normalized"],
    });
    const { dModel: d, outputSize } = model.config;
    const weight = model.weights.get(tied ? "embed.W_E" : "unembed.W_U") ?? [];
    const x = captured["ln_final.hook_normalized"].values;
    for (const [at, logit] of logits.entries()) {
      const [row, o] = [Math.floor(at / outputSize), at % outputSize];
      let expected = model.weights.get("unembed.b_U")?.[o] ?? Number.NaN;
      for (let i = 0; i < d; i++)
        expected += (x[row * d + i] ?? 0) * (weight[tied ? o * d + i : i * outputSize + o] ?? 0);
      expect(logit).toBeCloseTo(expected, 12);
    }
  },
);
