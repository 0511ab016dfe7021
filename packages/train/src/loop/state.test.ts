import { NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { createTransformer } from "../model/transformer.ts";
import { compilePlan } from "../plan/compile.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { tinyModel } from "./_testing/tiny-run.ts";
import { checkState, readState, type TrainState } from "./state.ts";

const reference = createReferenceEngine();

describe("readState", () => {
  test("a state with a weight that is not finite is never handed out", () => {
    const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 1, vocabularySize: 2 });
    const plan = compilePlan({ config, batch: 1, length: 1, trainable: "all" });
    const progress = { step: 0, loss: new Float64Array(0), gradientNorm: new Float64Array(0) };
    expect(readState(reference, plan, progress).weights.size).toBeGreaterThan(0);
    reference.upload(plan, "v", new Float64Array(plan.trainable?.gradientLength ?? 0).fill(Number.POSITIVE_INFINITY));
    expect(() => readState(reference, plan, progress)).toThrow(NotConvergedError);
  });

  test.each(["parameters", "m"])("nor one whose %s has a NaN; the step is named", (buffer) => {
    const { config, adapters } = tinyModel;
    const plan = compilePlan({ config, adapters, batch: 1, length: 1, trainable: "all" });
    const progress = { step: 4, loss: new Float64Array(4), gradientNorm: new Float64Array(4) };
    const values = reference.download(plan, buffer);
    values[values.length - 1] = Number.NaN;
    reference.upload(plan, buffer, values);
    expect(() => readState(reference, plan, progress)).toThrow(NotConvergedError);
    expect(() => readState(reference, plan, progress)).toThrow(/after step 4/);
  });

  test("weights, moments and the history of the steps done are copied out", () => {
    const { config, adapters, weights } = tinyModel;
    const plan = compilePlan({ config, adapters, batch: 1, length: 1, trainable: "adapters" });
    const moments = plan.trainable?.gradientLength ?? 0;
    const [m, v] = [new Float64Array(moments).fill(0.5), new Float64Array(moments).fill(0.25)];
    reference.upload(plan, "parameters", packParameters(plan.parameters, weights, "test"));
    reference.upload(plan, "m", m);
    reference.upload(plan, "v", v);
    const progress = { step: 2, loss: Float64Array.of(3, 2, 0, 0), gradientNorm: Float64Array.of(5, 4, 0, 0) };
    const state = readState(reference, plan, progress);
    expect([...state.weights.keys()].sort()).toEqual([...weights.keys()].sort());
    for (const [name, values] of weights) expect([...(state.weights.get(name) ?? [])], name).toEqual([...values]);
    expect(state.optimizer).toEqual({ m, v });
    expect(state.history).toEqual({ loss: Float64Array.of(3, 2), gradientNorm: Float64Array.of(5, 4) });
    reference.upload(plan, "m", new Float64Array(moments));
    progress.loss.fill(7);
    expect(state.optimizer.m).toEqual(m);
    expect([...state.history.loss]).toEqual([3, 2]);
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
