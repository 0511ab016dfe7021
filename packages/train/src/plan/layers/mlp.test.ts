import { expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { run } from "../../run/run.ts";

const engine = createReferenceEngine();
const input = { tokens: [0, 1, 2, 4, 3, 1], length: 3, engine };

test("the MLP adds its output to the stream; ReLU is zero exactly where its input is negative", async () => {
  const { captured } = await run(randomModel({ activation: "relu" }), {
    ...input,
    capture: [
      "blocks.1.hook_resid_mid",
      "blocks.1.hook_mlp_out",
      "blocks.1.hook_resid_post",
      "blocks.1.mlp.hook_pre",
      "blocks.1.mlp.hook_post",
    ],
  });
  const of = (hook: keyof typeof captured) => Array.from(captured[hook].values);
  const [mid, out] = [of("blocks.1.hook_resid_mid"), of("blocks.1.hook_mlp_out")];
  for (const [i, value] of of("blocks.1.hook_resid_post").entries()) {
    expect(value).toBeCloseTo((mid[i] ?? Number.NaN) + (out[i] ?? Number.NaN), 12);
  }
  expect(of("blocks.1.mlp.hook_post")).toEqual(of("blocks.1.mlp.hook_pre").map((value) => Math.max(value, 0)));
  expect(
    Math.max(...of("blocks.1.hook_resid_post").map((value, i) => Math.abs(value - (mid[i] ?? 0)))),
  ).toBeGreaterThan(0.01);
});
