import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { architectures } from "../model/_testing/architectures.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { linearLayers } from "../model/parameters.ts";
import type { Transformer } from "../model/transformer.ts";
import { compilePlan } from "./compile.ts";
import { packParameters } from "./parameter-layout.ts";
import type { TrainableSpec } from "./trainable.ts";

const batch = 4;
const length = 3;

/** Largest error of the plan's gradient against central finite differences of its loss, over every trained element. */
function gradientError(
  model: Transformer,
  trainable: TrainableSpec,
): { readonly error: number; readonly norm: number } {
  const engine = createReferenceEngine();
  const { config, adapters } = model;
  const plan = compilePlan({ config, adapters, batch, length, shards: 2, trainable });
  const flat = packParameters(plan.parameters, model.weights, "test");
  const rows = batch * length;
  const weights = Float64Array.from({ length: rows }, (_, r) => (r % 5) / 10);
  engine.upload(
    plan,
    "tokens",
    Int32Array.from({ length: rows }, (_, r) => (r * r + 1) % config.vocabularySize),
  );
  engine.upload(
    plan,
    "targets",
    Int32Array.from({ length: rows }, (_, r) => (r === 4 ? -1 : (r * 3) % config.outputSize)),
  );
  engine.upload(plan, "weights", weights);
  const loss = (): number => {
    engine.upload(plan, "parameters", flat);
    engine.execute(plan, "forward");
    return Array.from(engine.download(plan, "rowLoss")).reduce((sum, value, r) => sum + value * (weights[r] ?? 0), 0);
  };
  loss();
  // Twice, so that anything accumulated over executions would show.
  engine.execute(plan, "gradient");
  engine.execute(plan, "gradient");
  const gradient = engine.download(plan, "gradient").slice();
  let error = 0;
  const seen = new Float64Array(gradient.length);
  for (const run of plan.trainable?.runs ?? []) {
    for (let i = 0; i < run.count; i++) {
      const at = run.offset + i;
      const value = flat[at] ?? Number.NaN;
      const step = 1e-5;
      flat[at] = value + step;
      const up = loss();
      flat[at] = value - step;
      const down = loss();
      flat[at] = value;
      const actual = gradient[run.gradientOffset + i] ?? Number.NaN;
      error = Math.max(error, Math.abs(actual - (up - down) / (2 * step)));
      seen[run.gradientOffset + i] = actual;
    }
  }
  expect(seen).toEqual(gradient);
  return { error, norm: Math.hypot(...gradient) };
}

const lora = [
  "blocks.0.attn.W_Q",
  "blocks.0.attn.W_K",
  "blocks.0.attn.W_V",
  "blocks.0.attn.W_O",
  "blocks.1.mlp.W_in",
  "blocks.0.mlp.W_out",
  "unembed.W_U",
];

const specs: readonly { readonly name: string; readonly lora: readonly string[]; readonly trainable: TrainableSpec }[] =
  [
    { name: "all", lora: [], trainable: "all" },
    { name: "all with adapters", lora, trainable: "all" },
    { name: "adapters", lora, trainable: "adapters" },
    { name: "one adapter in the first block", lora: ["blocks.0.mlp.W_out"], trainable: "adapters" },
    { name: "one row of the embedding", lora: [], trainable: [{ parameter: "embed.W_E", rows: [1] }] },
    { name: "three rows, two of them adjacent", lora, trainable: [{ parameter: "embed.W_E", rows: [4, 1, 2] }] },
    { name: "head bias", lora: [], trainable: [{ parameter: "unembed.b_U" }] },
    {
      name: "positions and a gain",
      lora: [],
      trainable: [{ parameter: "pos_embed.W_pos" }, { parameter: "ln_final.w" }],
    },
    { name: "the first layer norm's bias", lora: [], trainable: [{ parameter: "blocks.0.ln1.b" }] },
    { name: "queries of the first block", lora: [], trainable: [{ parameter: "blocks.0.attn.W_Q" }] },
    { name: "an MLP row", lora: [], trainable: [{ parameter: "blocks.1.mlp.W_in", rows: [2] }] },
  ];

describe.each([
  { tiedUnembedding: false, activation: "gelu" },
  { tiedUnembedding: true, activation: "gelu" },
  { tiedUnembedding: false, activation: "relu" },
  { tiedUnembedding: true, activation: "relu" },
] as const)(
  "gradient of the whole model equals central finite differences, tied $tiedUnembedding, $activation",
  (kind) => {
    test.each(specs)("$name", ({ lora: targets, trainable }) => {
      const { error, norm } = gradientError(randomModel(kind, targets), trainable);
      expect(error).toBeLessThan(1e-7);
      expect(norm).toBeGreaterThan(1e-4);
    });
  },
);

describe.each(architectures)("gradient of $name equals central finite differences", ({ options }) => {
  const targets = linearLayers(randomModel(options).config).map(({ weight }) => weight);

  test("of every parameter, with an adapter on every layer", () => {
    const { error, norm } = gradientError(randomModel(options, targets), "all");
    expect(error).toBeLessThan(1e-6);
    expect(norm).toBeGreaterThan(1e-4);
  });

  test("of the first adapter alone", () => {
    const { error, norm } = gradientError(randomModel(options, targets.slice(0, 1)), "adapters");
    expect(error).toBeLessThan(1e-7);
    expect(norm).toBeGreaterThan(1e-5);
  });
});

test("the biases can be trained alone", () => {
  const { error, norm } = gradientError(randomModel(), "biases");
  expect(error).toBeLessThan(1e-7);
  expect(norm).toBeGreaterThan(1e-4);
});

test("kernels for frozen parameters and for layers below the lowest trained one are not in the plan", () => {
  const model = randomModel();
  const kernels = (trainable: TrainableSpec): readonly string[] => {
    const plan = compilePlan({ config: model.config, batch, length, trainable });
    return (plan.phases.gradient?.perShard ?? [])
      .map(({ kernel }) => kernel)
      .filter((name) => name.includes("backward"));
  };
  expect(kernels([{ parameter: "unembed.b_U" }])).toEqual(["linear_backward_weight"]);
  const row = kernels([{ parameter: "embed.W_E", rows: [0] }]);
  expect(row).not.toContain("linear_backward_weight");
  expect(row).toContain("embed_backward");
  expect(kernels([{ parameter: "blocks.1.mlp.W_out" }])).toEqual([
    "linear_backward_input",
    "layer_norm_backward",
    "linear_backward_weight",
  ]);
});
