import { NotConvergedError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import type { BatchSource } from "../../data/batch-source.ts";
import { createEngine } from "../../engines/create-engine.ts";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { createTransformer } from "../../model/transformer.ts";
import { tinyModel, tinyRun, tinySource } from "../_testing/tiny-run.ts";
import type { AuxiliaryContext } from "../auxiliary-loss.ts";
import type { TrainState } from "../state.ts";
import { train } from "../train.ts";
import type { TrainOptions } from "../train-options.ts";

const wasm = await createEngine({ device: "wasm", relaxedSimd: false });
afterAll(() => wasm.dispose());
/** The model with other values of one weight. */
const changed = (name: string, change: (value: number, index: number) => number) => {
  const values = Float64Array.from(tinyModel.weights.get(name) ?? []).map(change);
  return { ...tinyModel, weights: new Map(tinyModel.weights).set(name, values) };
};
const failure = async (options: Partial<TrainOptions>): Promise<string> => {
  try {
    await train({ ...tinyRun, ...options });
  } catch (error) {
    if (error instanceof NotConvergedError) return error.message;
    throw error;
  }
  throw new Error("the run did not fail");
};

describe("the first tensor that is not finite", () => {
  test.each<[string, Partial<TrainOptions>, RegExp]>([
    [
      "a parameter that float32 cannot hold",
      { engine: wasm, model: changed("blocks.1.mlp.b_in", (value, i) => (i === 3 ? 1e39 : value)) },
      /at step 1 the loss is NaN .*not finite: "blocks\.1\.mlp\.b_in" has Infinity at index 3\. Lower/,
    ],
    [
      "an activation within a block",
      { engine: wasm, model: changed("blocks.1.mlp.W_in", () => 3e38) },
      /not finite: "blocks\.1\.mlp\.hook_pre" has (NaN|-?Infinity) at index \d+\./,
    ],
    [
      "the logits, also in float64",
      { model: changed("unembed.W_U", () => Number.MAX_VALUE) },
      /not finite: "logits" has (NaN|-?Infinity) at index \d+\./,
    ],
  ])("%s", async (_, options, message) => {
    expect(await failure(options)).toMatch(message);
  });

  test("is found at a later step, with accumulation and where metrics are read back rarely; the last checkpoint stays", async () => {
    // Token 4 comes up from step 5 on, and without norms its embedding makes the scores overflow.
    const source: BatchSource = {
      ...tinySource,
      batch: (step) => ({ tokens: tinySource.batch(step).tokens.map((token) => (step < 5 ? token % 4 : token)) }),
    };
    const plain = createTransformer({
      nLayers: 1,
      dModel: 4,
      nHeads: 1,
      nCtx: 3,
      vocabularySize: 5,
      normalization: "none",
    });
    const embedding = Float32Array.from(plain.weights.get("embed.W_E") ?? []).map((w, i) => (i < 16 ? w : 1e30 * w));
    const model = { ...plain, weights: new Map(plain.weights).set("embed.W_E", embedding) };
    const saved: TrainState[] = [];
    const checkpoint = { every: 2, save: (state: TrainState) => void saved.push(state) };
    const optimizer = { learningRate: 1e-3, weightDecay: 0 };
    const options = { engine: wasm, model, source, optimizer, checkpoint, trainable: "all" } as const;
    const expected = /: at step 6 the loss is NaN .*not finite: "blocks\.0\.attn\.hook_pattern" has NaN/;
    expect(await failure(options)).toMatch(expected);
    expect(await failure({ ...options, metricsEvery: 4 })).toMatch(expected);
    expect(saved.map(({ step }) => step)).toEqual([2, 4, 2, 4]);
    expect(await failure({ ...options, accumulate: 2 })).toMatch(/at step 3 .*not finite: "/);
  });

  test("a gradient, where the loss is finite", async () => {
    // sum over rows of (the gradient of the head bias)^2 is finite; a gain of 1e25 makes that of the gain's input overflow in float32.
    const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 5 });
    const huge = new Map(model.weights).set(
      "unembed.W_U",
      new Float32Array(20).map((_, i) => (i % 2 ? 1e30 : -1e30)),
    );
    const small = huge
      .set("ln_final.w", new Float32Array(4).fill(1e-30))
      .set("embed.W_E", new Float32Array(20).fill(1e-12));
    const message = await failure({ engine: wasm, model: { ...model, weights: small }, trainable: "all" });
    expect(message).toMatch(/not finite: (the gradient of "|the square of the gradient, which overflows)/);
  });

  test("with interventions, the activation that they make overflow", async () => {
    const { dModel } = tinyModel.config;
    const vector = new Float64Array(dModel).fill(3e38);
    const hook = "blocks.0.hook_resid_mid" as const;
    const interventions = [
      { hook, vector },
      { hook, vector },
    ];
    expect(await failure({ engine: wasm, interventions })).toMatch(
      /not finite: "blocks\.0\.hook_resid_mid" has Infinity at index 0\./,
    );
  });

  test("an auxiliary loss whose value or gradient is not finite", async () => {
    const at = "blocks.1.hook_resid_post" as const;
    const auxiliary = (value: number, gradient: number) => [
      {
        at: [at],
        async evaluate(context: AuxiliaryContext) {
          const length = (await context.read(at)).length;
          context.write(at, new Float64Array(length).fill(context.step === 3 ? gradient : 0));
          return context.step === 3 ? value : 0;
        },
      },
    ];
    expect(await failure({ shards: 1, auxiliary: auxiliary(1, Number.NaN) })).toMatch(
      /at step 4 .*not finite: the gradient of an auxiliary loss at "blocks\.1\.hook_resid_post" has NaN at index 0\./,
    );
    expect(await failure({ shards: 1, auxiliary: auxiliary(Number.POSITIVE_INFINITY, 0) })).toMatch(
      /at step 4 the loss is [\d.]+, the auxiliary loss Infinity and the gradient norm [\d.]+, /,
    );
  });

  test("a search that is stopped leaves the error as it is", async () => {
    const reference = createReferenceEngine();
    let failed = false;
    const engine: Engine = {
      ...reference,
      upload(plan, buffer, data) {
        if (failed) throw new Error("the search stops here");
        reference.upload(plan, buffer, data);
      },
      download(plan, buffer, out) {
        const values = reference.download(plan, buffer, out);
        failed ||= values.some(Number.isNaN);
        return values;
      },
    };
    const message = await failure({ engine, model: changed("blocks.0.mlp.W_in", () => Number.MAX_VALUE) });
    expect(message).toMatch(/at step 1 the loss is NaN/);
    expect(message).not.toContain("first tensor");
  });
});
