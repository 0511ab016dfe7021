import { createKey, InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { BatchSource } from "../data/batch-source.ts";
import { tokenArraySource } from "../data/token-array-source.ts";
import { createEngine } from "../engines/create-engine.ts";
import { addLora } from "../lora/add-lora.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { createTransformer } from "../model/transformer.ts";
import { evaluateLoss } from "../run/evaluate-loss.ts";
import { tinyLength, tinyModel, tinyRun, tinySource } from "./_testing/tiny-run.ts";
import type { StepMetrics } from "./metrics.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import { trainReplicas } from "./train-replicas.ts";

const [length, model, source, options] = [tinyLength, tinyModel, tinySource, tinyRun];
const reference = options.engine;
const { optimizer } = options;
const single = await createEngine({ device: "wasm", relaxedSimd: false });
afterAll(() => single.dispose());

describe("what is learned", () => {
  test("the loss of a process with a known optimum approaches it", async () => {
    // Token pairs (a, b): a uniform over two, b = a with probability 3/4; the entropy of b given a is h(1/4) = 0.5623 nats.
    const pairs = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0];
    const coin = tokenArraySource({
      tokens: Int32Array.from(pairs),
      length: 1,
      vocabularySize: 2,
      batchSize: 64,
      key: createKey(0),
    });
    const small = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 1, vocabularySize: 2 });
    const { model: trained } = await train({
      model: small,
      source: coin,
      engine: reference,
      steps: 120,
      optimizer: { learningRate: 0.03, schedule: "cosine", weightDecay: 0 },
    });
    const { loss } = await evaluateLoss(trained, { tokens: Int32Array.from(pairs), length: 1, engine: reference });
    const optimum = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(loss).toBeGreaterThanOrEqual(optimum - 1e-9);
    expect(loss - optimum).toBeLessThan(0.01);
  });

  test.each([
    { name: "adapters", trainable: "adapters", changed: ["blocks.0.mlp.W_out.lora_A", "blocks.0.mlp.W_out.lora_B"] },
    { name: "head bias", trainable: [{ parameter: "unembed.b_U" }], changed: ["unembed.b_U"] },
    { name: "a row", trainable: [{ parameter: "embed.W_E", rows: [2] }], changed: ["embed.W_E"] },
  ] as const)("$name: everything else stays bitwise as it was", async ({ trainable, changed }) => {
    for (const engine of [reference, single]) {
      const { model: trained } = await train({ ...options, engine, trainable });
      const names = [...model.weights.keys()].filter((name) => {
        const [before, after] = [model.weights.get(name), trained.weights.get(name)];
        return !before?.every((value, i) => Object.is(value, after?.[i]));
      });
      expect(names).toEqual(changed);
    }
  });

  test("of a trained row, no other row changes, and weight decay does not apply unless asked", async () => {
    // A row that no input uses has no gradient: only decay could move it.
    const unused: BatchSource = {
      ...source,
      batch: (step) => ({ tokens: source.batch(step).tokens.map((x) => Math.min(x, 3)) }),
    };
    const row = (decay?: boolean) =>
      train({
        ...options,
        source: unused,
        optimizer: { learningRate: 0.1, weightDecay: 0.5 },
        trainable: [{ parameter: "embed.W_E", rows: [4], ...(decay === undefined ? {} : { decay }) }],
        steps: 1,
      });
    const before = Array.from(model.weights.get("embed.W_E") ?? []);
    expect(Array.from((await row()).model.weights.get("embed.W_E") ?? [])).toEqual(before);
    const after = Array.from((await row(true)).model.weights.get("embed.W_E") ?? []);
    expect(after.slice(0, 16)).toEqual(before.slice(0, 16));
    expect(after[16]).toBeCloseTo(0.95 * (before[16] ?? 0), 12);
  });

  test("adapters are what is trained by default where the model has some", async () => {
    const { trainable: _, ...rest } = options;
    expect((await train(rest)).state).toEqual((await train({ ...options, trainable: "adapters" })).state);
  });

  test("targets that the mask leaves out have no influence", async () => {
    const masked = (token: number): BatchSource => ({
      ...source,
      batch(step) {
        const { tokens, lossMask = new Uint8Array() } = source.batch(step);
        const changed = tokens.slice();
        // The last target of every sequence is not an input, and not counted here.
        const mask = lossMask.map((one, i) => (i % length === length - 1 ? 0 : one));
        for (let b = 0; b < 8; b++) changed[b * (length + 1) + length] = token;
        return { tokens: changed, lossMask: mask };
      },
    });
    expect((await train({ ...options, source: masked(0) })).state).toEqual(
      (await train({ ...options, source: masked(4) })).state,
    );
  });

  test("the loss of a step is the mean over the counted targets of its batch, before the update", async () => {
    const { tokens, lossMask = new Uint8Array() } = source.batch(0);
    const { loss } = await evaluateLoss(model, { tokens, length, lossMask, engine: reference });
    const { state } = await train({ ...options, steps: 1 });
    expect(state.history.loss[0]).toBeCloseTo(loss, 12);
  });

  test("one AdamW step on the head bias is the textbook's", async () => {
    const { model: trained } = await train({
      ...options,
      trainable: [{ parameter: "unembed.b_U", decay: true }],
      optimizer: { learningRate: 0.01, weightDecay: 0.1, epsilon: 1e-12, clip: 0 },
      steps: 1,
    });
    // After one step m / bias1 is g and sqrt(v / bias2) is |g|: the update is lr sign(g), after the decay lr wd p.
    const before = model.weights.get("unembed.b_U") ?? [];
    for (const [i, value] of (trained.weights.get("unembed.b_U") ?? []).entries()) {
      const decayed = (before[i] ?? 0) * (1 - 0.01 * 0.1);
      expect(Math.abs(Math.abs(value - decayed) - 0.01)).toBeLessThan(1e-9);
    }
  });
});

describe("callbacks", () => {
  test("onStep sees every step once; clipping does not change the norm it is told", async () => {
    const told: StepMetrics[] = [];
    const { state } = await train({ ...options, onStep: (metrics) => void told.push(metrics) });
    expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(told.map(({ loss }) => loss)).toEqual([...state.history.loss]);
    expect(told[0]?.learningRate).toBeCloseTo(0.01 / 3, 15);
    const unclipped: StepMetrics[] = [];
    await train({
      ...options,
      steps: 1,
      optimizer: { ...optimizer, clip: 0 },
      onStep: (metrics) => void unclipped.push(metrics),
    });
    expect(unclipped[0]?.gradientNorm).toBe(told[0]?.gradientNorm);
  });

  test("checkpoints come every so many steps, after the last one and when the signal aborts", async () => {
    const saved = async (extra: Partial<TrainOptions>) => {
      const states: TrainState[] = [];
      await train({ ...options, checkpoint: { every: 3, save: (state) => void states.push(state) }, ...extra });
      return states.map(({ step }) => step);
    };
    expect(await saved({})).toEqual([3, 6, 7]);
    expect(await saved({ steps: 6 })).toEqual([3, 6]);
    const controller = new AbortController();
    const onStep = ({ step }: StepMetrics): void => {
      if (step === 4) controller.abort();
    };
    expect(await saved({ signal: controller.signal, onStep })).toEqual([3, 4]);
    expect(await saved({ signal: AbortSignal.abort() })).toEqual([]);
  });

  test("a saved state is a copy: training on does not change it", async () => {
    const states: TrainState[] = [];
    await train({ ...options, checkpoint: { every: 3, save: (state) => void states.push(state) } });
    const [early] = states;
    const until = await train({
      ...options,
      onStep: async () => {},
      resumeFrom: early ?? options.resumeFrom,
    } as TrainOptions);
    expect(until.state).toEqual(states.at(-1));
  });

  test("timers run while it trains", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const result = await train({ ...options, steps: 100_000, signal: controller.signal });
    expect(result.completed).toBe(false);
  });
});

describe("refusals", () => {
  test("a loss that is not finite stops by name with step and learning rate, and is not saved", async () => {
    const saved: number[] = [];
    const weights = new Map(model.weights).set("blocks.0.mlp.W_in", new Float64Array(20).fill(Number.MAX_VALUE));
    const attempt = train({
      ...options,
      model: { ...model, weights },
      checkpoint: { every: 1, save: ({ step }) => void saved.push(step) },
    });
    await expect(attempt).rejects.toThrow(NotConvergedError);
    await expect(attempt).rejects.toThrow(/step 1.*learning rate 0\.0033/);
    expect(saved).toEqual([]);
  });

  test("so does a loss that overflows later in float32, after good checkpoints", async () => {
    const saved: TrainState[] = [];
    const attempt = train({
      ...options,
      engine: single,
      steps: 200,
      optimizer: { learningRate: 1e30, clip: 0 },
      checkpoint: { every: 1, save: (state) => void saved.push(state) },
    });
    await expect(attempt).rejects.toThrow(NotConvergedError);
    for (const state of saved)
      expect([...state.weights.values()].every((values) => values.every(Number.isFinite))).toBe(true);
  });

  const state: TrainState = {
    step: 8,
    weights: model.weights,
    optimizer: { m: new Float32Array(1), v: new Float32Array(1) },
    history: { loss: new Float64Array(8), gradientNorm: new Float64Array(8) },
  };

  test.each([
    ["a negative number of steps", { steps: -1 }, InvalidArgumentError],
    ["a checkpoint every 0 steps", { checkpoint: { every: 0, save: () => {} } }, InvalidArgumentError],
    ["a learning rate that is NaN", { optimizer: { learningRate: Number.NaN } }, InvalidArgumentError],
    ["an epsilon of 0", { optimizer: { learningRate: 1, epsilon: 0 } }, InvalidArgumentError],
    ["a beta of 1", { optimizer: { learningRate: 1, beta2: 1 } }, InvalidArgumentError],
    ["an unknown schedule", { optimizer: { learningRate: 1, schedule: "step" } }, InvalidArgumentError],
    ["an unknown parameter", { trainable: [{ parameter: "unembed.W_Q" }] }, InvalidArgumentError],
    ["nothing to train", { trainable: [] }, InvalidArgumentError],
    ["shards that do not divide the batch", { shards: 3 }, InvalidArgumentError],
    ["a source with more tokens than the model", { source: { ...source, vocabularySize: 6 } }, ShapeError],
    ["a source with longer sequences", { source: { ...source, length: 5 } }, ShapeError],
    ["a batch of another size", { source: { ...source, batchSize: 4 } }, ShapeError],
    [
      "a batch whose mask counts nothing",
      { source: { ...source, batch: () => ({ tokens: new Int32Array(32), lossMask: new Uint8Array(24) }) } },
      InvalidArgumentError,
    ],
    [
      "a token out of range",
      { source: { ...source, batch: () => ({ tokens: new Int32Array(32).fill(5) }) } },
      InvalidArgumentError,
    ],
    ["a state beyond the last step", { resumeFrom: state }, InvalidArgumentError],
    ["a state of another trainable set", { resumeFrom: { ...state, step: 1 } }, ShapeError],
  ])("%s", async (_, extra, kind) => {
    await expect(train({ ...options, ...(extra as Partial<TrainOptions>) })).rejects.toThrow(kind);
  });

  test("a state of another trainable set says what to do; one with a shorter history is not padded with zeros", async () => {
    await expect(train({ ...options, resumeFrom: { ...state, step: 1 } })).rejects.toThrow(
      /train: resumeFrom\.optimizer\.m has 1 elements.*trainable set/,
    );
    const done = (await train({ ...options, steps: 2 })).state;
    const history = { ...done.history, gradientNorm: done.history.gradientNorm.slice(0, 1) };
    await expect(train({ ...options, steps: 3, resumeFrom: { ...done, history } })).rejects.toThrow(
      /resumeFrom\.history\.gradientNorm has 1 elements, not 2/,
    );
  });

  test("a state of another model", async () => {
    const other = addLora(randomModel({ outputSize: 5 }), { target: "unembed.W_U", rank: 1, key: createKey(0) });
    const { state: theirs } = await train({ ...options, model: other, steps: 1 });
    await expect(train({ ...options, resumeFrom: theirs })).rejects.toThrow(InvalidArgumentError);
  });
});

describe("callers without types", () => {
  const call = (part: object): Promise<unknown> => train({ ...options, ...part } as TrainOptions);
  const state = {
    step: 1,
    weights: model.weights,
    optimizer: { m: [], v: [] },
    history: { loss: [0], gradientNorm: [0] },
  };

  test.each<[string, object]>([
    ["model is undefined", { model: undefined }],
    ["source is undefined", { source: undefined }],
    ["engine is null", { engine: null }],
    ["optimizer is undefined", { optimizer: undefined }],
    ["steps is undefined", { steps: undefined }],
    ["observe.onObserve is undefined", { observe: { every: 1 } }],
    ["observe.parameters is 5", { observe: { every: 1, parameters: 5, onObserve() {} } }],
    ["auxiliary[0].at is undefined", { auxiliary: [{}] }],
    ["auxiliary[0].evaluate is undefined", { auxiliary: [{ at: ["blocks.0.hook_resid_post"] }] }],
    ["auxiliary is 5", { auxiliary: 5 }],
    ["interventions is 5", { interventions: 5 }],
    ["trainable is 5", { trainable: 5 }],
    ["resumeFrom.optimizer is undefined", { resumeFrom: { ...state, optimizer: undefined } }],
    ["resumeFrom.weights is undefined", { resumeFrom: { ...state, weights: undefined } }],
    ["resumeFrom.history.loss is undefined", { resumeFrom: { ...state, history: {} } }],
    ["batch 0 of the source is undefined", { source: { ...source, batch: () => undefined } }],
    ["tokens of a batch is undefined", { source: { ...source, batch: async () => source.batch(0) } }],
  ])("%s: an error with a name", async (message, part) => {
    await expect(call(part)).rejects.toMatchObject({ source: "train" });
    await expect(call(part)).rejects.toThrow(`train: ${message}`);
  });

  test("no options at all", async () => {
    await expect(train(undefined as never)).rejects.toThrow("train: options is undefined");
    await expect(trainReplicas({ ...options, replicas: undefined as never })).rejects.toThrow("replicas is undefined");
  });
});

describe("a run without an end", () => {
  test("begins at once, and stops with the signal", async () => {
    const stop = new AbortController();
    const onStep = ({ step }: StepMetrics): void => {
      if (step === 300) stop.abort();
    };
    const small = {
      ...options,
      model: createTransformer({ nLayers: 1, dModel: 2, nHeads: 1, nCtx: length, vocabularySize: 5 }),
      trainable: "all" as const,
    };
    const { state } = await train({ ...small, steps: Number.MAX_SAFE_INTEGER, signal: stop.signal, onStep });
    expect([state.step, state.history.loss.length]).toEqual([300, 300]);
    expect(state.history.loss.every(Number.isFinite)).toBe(true);
  });

  test("one that was aborted before it began does nothing", async () => {
    const { state, stoppedBy } = await train({ ...options, signal: AbortSignal.abort() });
    expect([state.step, stoppedBy]).toEqual([0, "signal"]);
    for (const [name, values] of state.weights) expect([...values]).toEqual([...(model.weights.get(name) ?? [])]);
  });
});

test("the speed of training leaves out what callbacks at some steps take", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  try {
    const speeds: number[] = [];
    const onStep = ({ tokensPerSecond }: StepMetrics): void => void speeds.push(tokensPerSecond);
    const run = (): number => {
      now += 1e6;
      return 0;
    };
    await train({ ...options, onStep, evaluate: { every: 2, run } });
    expect(new Set(speeds).size).toBe(1);
  } finally {
    clock.mockRestore();
  }
});
