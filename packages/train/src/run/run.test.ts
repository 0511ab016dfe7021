import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import { architectures } from "../model/_testing/architectures.ts";
import { directTransformer } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import type { TransformerOptions } from "../model/config.ts";
import { type HookPoint, hookPoints } from "../model/hook-points.ts";
import type { Intervention } from "../model/interventions.ts";
import { run } from "./run.ts";

const engine = createReferenceEngine();
const length = 3;
const sequences = [
  [0, 1, 2],
  [4, 4, 1],
  [3, 0, 2],
];
const tokens = sequences.flat();
const lora = ["blocks.0.attn.W_Q", "blocks.1.attn.W_O", "blocks.0.mlp.W_in", "blocks.1.mlp.W_out", "unembed.W_U"];

describe.each([
  { name: "gelu, untied", options: {}, adapters: [] },
  { name: "relu, tied", options: { activation: "relu", tiedUnembedding: true }, adapters: [] },
  { name: "gelu, untied, adapters", options: {}, adapters: lora },
  { name: "relu, tied, adapters", options: { activation: "relu", tiedUnembedding: true }, adapters: lora },
  ...architectures.map(({ name, options }) => ({ name, options, adapters: ["blocks.0.attn.W_K", "unembed.W_U"] })),
] satisfies readonly { name: string; options: Partial<TransformerOptions>; adapters: readonly string[] }[])(
  "run equals the direct evaluation of TransformerLens' definition: $name",
  ({ options, adapters }) => {
    const model = randomModel(options, adapters);
    const direct = sequences.map((sequence) => directTransformer(model, sequence));

    test("logits", async () => {
      const { logits } = await run(model, { tokens, length, engine });
      expect(
        largestError(
          logits,
          direct.flatMap((one) => one.logits.flat()),
        ),
      ).toBeLessThan(1e-12);
    });

    test("the activation at every hook point, without changing the logits", async () => {
      const plain = await run(model, { tokens, length, engine });
      const { logits, captured } = await run(model, {
        tokens,
        length,
        engine,
        capture: hookPoints(model.config, model.adapters),
      });
      expect(logits).toEqual(plain.logits);
      for (const hook of hookPoints(model.config, model.adapters)) {
        const expected = direct.flatMap((one) => one.activations.get(hook) ?? [Number.NaN]);
        const activation = captured[hook];
        expect(largestError(activation?.values ?? [], expected), hook).toBeLessThan(1e-12);
        expect(activation?.shape.reduce((product, size) => product * size, 1)).toBe(expected.length);
      }
    });
  },
);

test("shapes of activations", async () => {
  const { captured } = await run(randomModel(), {
    tokens,
    length,
    engine,
    capture: ["blocks.0.attn.hook_pattern", "blocks.0.attn.hook_z", "blocks.1.mlp.hook_post", "hook_embed"],
  });
  expect(Object.values(captured).map(({ shape }) => shape)).toEqual([
    [3, 2, 3, 3],
    [3, 3, 2, 2],
    [3, 3, 5],
    [3, 3, 4],
  ]);
});

test("more sequences than one execution takes, the last one padded, give each sequence's own logits", async () => {
  const model = randomModel();
  const many = Array.from({ length: 70 }, (_, i) => sequences[i % 3] ?? []);
  const { logits, captured } = await run(model, {
    tokens: many.flat(),
    length,
    engine,
    capture: ["blocks.1.hook_resid_post"],
  });
  const width = length * model.config.outputSize;
  for (const [i, sequence] of many.entries()) {
    const alone = directTransformer(model, sequence);
    expect(largestError(logits.subarray(i * width, (i + 1) * width), alone.logits.flat())).toBeLessThan(1e-12);
  }
  expect(captured["blocks.1.hook_resid_post"].shape).toEqual([70, 3, 4]);
});

describe("interventions", () => {
  const model = randomModel();
  const vector = [0.5, -1, 2, 0.25];
  const residual = async (hook: HookPoint, interventions: readonly Intervention[]) => {
    const result = await run(model, { tokens, length, engine, capture: [hook], interventions });
    return Array.from(result.captured[hook]?.values ?? []);
  };

  test.each(hookPoints(model.config).filter((hook) => hook.includes("hook_resid")))(
    "at %s the stream changes by scale times the vector, and the logits follow",
    async (hook) => {
      if (!/^blocks\.\d\.hook_resid_(pre|mid|post)$/.test(hook)) throw new Error(hook);
      const before = await residual(hook, []);
      const interventions = [{ hook, vector, scale: 3 }] as Intervention[];
      const after = await residual(hook, interventions);
      expect(
        largestError(
          after,
          before.map((value, i) => value + 3 * (vector[i % 4] ?? 0)),
        ),
      ).toBeLessThan(1e-12);
      const [plain, steered] = [
        await run(model, { tokens, length, engine }),
        await run(model, { tokens, length, engine, interventions }),
      ];
      expect(largestError(steered.logits, plain.logits)).toBeGreaterThan(1e-3);
    },
  );

  test("scale 0 is bitwise the identity, two interventions at one hook point add up", async () => {
    const hook = "blocks.0.hook_resid_mid";
    const before = await residual(hook, []);
    expect(await residual(hook, [{ hook, vector, scale: 0 }])).toEqual(before);
    const twice = await residual(hook, [
      { hook, vector },
      { hook, vector, scale: 2 },
    ]);
    expect(largestError(twice, await residual(hook, [{ hook, vector, scale: 3 }]))).toBeLessThan(1e-12);
  });

  test("only the given positions change, and nothing before them", async () => {
    const hook = "blocks.0.hook_resid_pre";
    const before = await residual(hook, []);
    const after = await residual(hook, [{ hook, vector, positions: [1, 2] }]);
    expect(
      largestError(
        after,
        before.map((value, i) => value + (Math.floor(i / 4) % length > 0 ? (vector[i % 4] ?? 0) : 0)),
      ),
    ).toBeLessThan(1e-12);
    const plain = await run(model, { tokens, length, engine });
    const steered = await run(model, { tokens, length, engine, interventions: [{ hook, vector, positions: [2] }] });
    const { outputSize } = model.config;
    for (const [i, value] of steered.logits.entries()) {
      if (Math.floor(i / outputSize) % length < 2) expect(value).toBe(plain.logits[i]);
    }
  });

  test("an earlier capture point does not see an intervention that follows it in the same buffer", async () => {
    const before = await residual("blocks.0.hook_resid_post", []);
    expect(await residual("blocks.0.hook_resid_post", [{ hook: "blocks.1.hook_resid_pre", vector }])).toEqual(before);
  });
});

describe("refusals", () => {
  const model = randomModel();
  const attempt = (options: object) => run(model, { tokens, length, engine, ...options });

  test("an unknown hook point is a compile error for literals and an error at run time", async () => {
    // @ts-expect-error there is no such hook point
    await expect(run(model, { tokens, length, engine, capture: ["blocks.0.hook_resid_end"] })).rejects.toThrow(
      InvalidArgumentError,
    );
    await expect(attempt({ capture: ["blocks.2.hook_resid_pre"] })).rejects.toThrow(/blocks\.2\.hook_resid_pre/);
    // @ts-expect-error there is no such hook point
    const elsewhere: Intervention = { hook: "blocks.0.attn.hook_o", vector: [0, 0, 0, 0] };
    await expect(run(model, { tokens, length, engine, interventions: [elsewhere] })).rejects.toThrow(/hook_o/);
    expectTypeOf<"blocks.3.attn.hook_pattern">().toExtend<HookPoint>();
    expectTypeOf<"blocks.x.hook_resid_pre">().not.toExtend<HookPoint>();
  });

  test.each([
    ["a token out of range", { tokens: [0, 1, 5] }, InvalidArgumentError],
    ["a token that is not an integer", { tokens: [0, 0.5, 1] }, InvalidArgumentError],
    ["half a sequence", { tokens: [0, 1] }, ShapeError],
    ["no sequence", { tokens: [] }, ShapeError],
    ["sequences longer than the context", { tokens: [0, 1, 2, 3, 4], length: 5 }, ShapeError],
    ["a vector of another width", { interventions: [{ hook: "blocks.0.hook_resid_pre", vector: [1] }] }, ShapeError],
    [
      "a vector with NaN",
      { interventions: [{ hook: "blocks.0.hook_resid_pre", vector: [1, 2, 3, Number.NaN] }] },
      InvalidArgumentError,
    ],
    [
      "an infinite scale",
      { interventions: [{ hook: "blocks.0.hook_resid_pre", vector: [1, 2, 3, 4], scale: Number.POSITIVE_INFINITY }] },
      InvalidArgumentError,
    ],
    [
      "a position out of range",
      { interventions: [{ hook: "blocks.0.hook_resid_pre", vector: [1, 2, 3, 4], positions: [3] }] },
      InvalidArgumentError,
    ],
  ])("%s", async (_, options, kind) => {
    await expect(attempt(options)).rejects.toThrow(kind);
  });
});
