import { InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { createTransformer } from "../model/transformer.ts";
import { compilePlan } from "../plan/compile.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { tinyModel } from "./_testing/tiny-run.ts";
import { checkState, readStates, type TrainState } from "./state.ts";

const reference = createReferenceEngine();

describe("readStates", () => {
  test("a state with a weight that is not finite is never handed out", async () => {
    const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 1, vocabularySize: 2 });
    const plan = compilePlan({ config, batch: 1, length: 1, trainable: "all" });
    const progress = { step: 0, replicas: [{ loss: new Float64Array(0), gradientNorm: new Float64Array(0) }] };
    expect((await readStates(reference, plan, progress))[0]?.weights.size).toBeGreaterThan(0);
    reference.upload(plan, "v", new Float64Array(plan.trainable?.gradientLength ?? 0).fill(Number.POSITIVE_INFINITY));
    await expect(readStates(reference, plan, progress)).rejects.toThrow(NotConvergedError);
    await expect(readStates(reference, plan, { ...progress, active: [false] })).resolves.toHaveLength(1);
  });

  test.each([
    ["parameters", /after step 4 .*: "unembed\.b_U" has NaN at index 4/],
    ["m", /after step 4 .*: moment m of "unembed\.b_U" has NaN at index 4/],
  ] as const)("nor one whose %s has a NaN; step and tensor are named", async (buffer, message) => {
    const { config, adapters } = tinyModel;
    const plan = compilePlan({ config, adapters, batch: 1, length: 1, trainable: "all" });
    const progress = { step: 4, replicas: [{ loss: new Float64Array(4), gradientNorm: new Float64Array(4) }] };
    const values = reference.download(plan, buffer);
    const run = plan.trainable?.runs.find(({ parameter }) => parameter === "unembed.b_U");
    values[((buffer === "m" ? run?.gradientOffset : run?.offset) ?? 0) + 4] = Number.NaN;
    reference.upload(plan, buffer, values);
    await expect(readStates(reference, plan, progress)).rejects.toThrow(NotConvergedError);
    await expect(readStates(reference, plan, progress)).rejects.toThrow(message);
  });

  test("weights, moments and the history of the steps done are copied out", async () => {
    const { config, adapters, weights } = tinyModel;
    const plan = compilePlan({ config, adapters, batch: 1, length: 1, trainable: "adapters" });
    const moments = plan.trainable?.gradientLength ?? 0;
    const [m, v] = [new Float64Array(moments).fill(0.5), new Float64Array(moments).fill(0.25)];
    reference.upload(plan, "parameters", packParameters(plan.parameters, weights, "test"));
    reference.upload(plan, "m", m);
    reference.upload(plan, "v", v);
    const loss = Float64Array.of(3, 2, 0, 0);
    const gradientNorm = Float64Array.of(5, 4, 0, 0);
    const evaluations = [{ step: 1, value: 2 }];
    const progress = { step: 2, replicas: [{ loss, gradientNorm, evaluations }] };
    const [state] = await readStates(reference, plan, progress);
    if (state === undefined) throw new Error("no state");
    expect([...state.weights.keys()].sort()).toEqual([...weights.keys()].sort());
    for (const [name, values] of weights) expect([...(state.weights.get(name) ?? [])], name).toEqual([...values]);
    expect(state.optimizer).toEqual({ m, v });
    expect(state.history).toEqual({ loss: Float64Array.of(3, 2), gradientNorm: Float64Array.of(5, 4) });
    reference.upload(plan, "m", new Float64Array(moments));
    loss.fill(7);
    evaluations.push({ step: 2, value: 1 });
    expect(state.optimizer.m).toEqual(m);
    expect([...state.history.loss]).toEqual([3, 2]);
    expect(state.evaluations).toEqual([{ step: 1, value: 2 }]);
  });
});

describe("checkState", () => {
  const state: TrainState = {
    step: 2,
    weights: new Map(),
    optimizer: { m: new Float32Array(16), v: new Float32Array(16) },
    history: { loss: new Float64Array(2), gradientNorm: new Float64Array(2) },
  };

  test("a state of the run is accepted", () => {
    expect(() => checkState("train", state, 16)).not.toThrow();
  });

  test("the memory of the other algorithm is refused", () => {
    const [m, v] = [new Float32Array(16).fill(1), new Float32Array(16).fill(1)];
    const sgd = { ...state, optimizer: { m, v: state.optimizer.v } };
    const adamw = { ...state, optimizer: { m, v } };
    expect(() => checkState("train", sgd, 16, "sgd")).not.toThrow();
    expect(() => checkState("train", adamw, 16, "adamw")).not.toThrow();
    expect(() => checkState("train", state, 16, "sgd")).not.toThrow();
    expect(() => checkState("train", adamw, 16, "sgd")).toThrow(InvalidArgumentError);
    expect(() => checkState("train", sgd, 16, "adamw")).toThrow(/resumeFrom was left by sgd.*optimizer is adamw/);
  });

  test.each<[string, Partial<TrainState>]>([
    ["optimizer.m", { optimizer: { ...state.optimizer, m: new Float32Array(15) } }],
    ["optimizer.v", { optimizer: { ...state.optimizer, v: new Float32Array(32) } }],
    ["history.loss", { history: { ...state.history, loss: new Float64Array(1) } }],
    ["history.gradientNorm", { history: { ...state.history, gradientNorm: new Float64Array(3) } }],
  ])("another length of %s is refused by name", (name, part) => {
    const attempt = () => checkState("train", { ...state, ...part }, 16);
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(`resumeFrom.${name} has`);
  });
});
