import { expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { run } from "../../run/run.ts";

const engine = createReferenceEngine();
const input = { tokens: [0, 1, 2, 4, 3, 1], length: 3, engine };
const model = randomModel();

test("the stream starts as the token's row of W_E plus the position's row of W_pos", async () => {
  const { captured } = await run(model, {
    ...input,
    capture: ["hook_embed", "hook_pos_embed", "blocks.0.hook_resid_pre"],
  });
  const [wE, wPos] = [model.weights.get("embed.W_E") ?? [], model.weights.get("pos_embed.W_pos") ?? []];
  for (const [i, value] of captured["blocks.0.hook_resid_pre"].values.entries()) {
    const [row, column] = [Math.floor(i / 4), i % 4];
    const token = wE[4 * (input.tokens[row] ?? Number.NaN) + column] ?? Number.NaN;
    const position = wPos[4 * (row % 3) + column] ?? Number.NaN;
    expect(captured.hook_embed.values[i]).toBe(token);
    expect(captured.hook_pos_embed.values[i]).toBe(position);
    expect(value).toBe(token + position);
  }
});
