import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { tinyRun, tinySource } from "../_testing/tiny-run.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";
import { checkAlike, checkLoopOptions, checkParts, checkReplica } from "./check-options.ts";

describe("checkLoopOptions", () => {
  test("what is documented is accepted", () => {
    const options: LoopOptions = {
      ...tinyRun,
      steps: 0,
      accumulate: 4,
      metricsEvery: 100,
      recoveries: 0,
      sampleOnDevice: true,
      checkpoint: { every: 1, save: () => {} },
      evaluate: { every: 2, run: () => 0, patience: 1, minDelta: 0 },
    };
    expect(() => checkLoopOptions(options, "test")).not.toThrow();
  });

  test.each<[string, Partial<LoopOptions>]>([
    ["steps is -1", { steps: -1 }],
    ["steps is NaN", { steps: Number.NaN }],
    ["checkpoint.every is 2.5", { checkpoint: { every: 2.5, save: () => {} } }],
    ["accumulate is 0", { accumulate: 0 }],
    ["metricsEvery is Infinity", { metricsEvery: Number.POSITIVE_INFINITY }],
    ["recoveries is -1", { recoveries: -1 }],
    ["engine is undefined", { engine: undefined as never }],
    ["steps is 9007199254740992", { steps: 2 ** 53 }],
    ["metricsEvery is 1000000000000", { metricsEvery: 1e12 }],
    ["evaluate.every is undefined", { evaluate: { run: () => 0 } as never }],
    ["evaluate.run is undefined", { evaluate: { every: 1 } as never }],
    ["checkpoint.save is undefined", { checkpoint: { every: 1 } as never }],
    ["onStep is 5", { onStep: 5 as never }],
    ["signal is no AbortSignal", { signal: 5 as never }],
    ["evaluate.patience is 0", { evaluate: { every: 1, run: () => 0, patience: 0 } }],
  ])("%s: refused with the value", (message, part) => {
    const attempt = () => checkLoopOptions({ ...tinyRun, ...part }, "test");
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).toThrow(`test: ${message}`);
  });
});

const { model, optimizer } = tinyRun;
const replica: ReplicaOptions = { model, optimizer, source: tinySource };
const state = {
  step: 3,
  weights: model.weights,
  optimizer: { m: new Float32Array(0), v: new Float32Array(0) },
  history: { loss: new Float64Array(3), gradientNorm: new Float64Array(3) },
};

describe("checkParts", () => {
  test.each<[string, Partial<ReplicaOptions>]>([
    ["model is undefined", { model: undefined as never }],
    ["source is null", { source: null as never }],
    ["optimizer is undefined", { optimizer: undefined as never }],
    ["source.batch is undefined", { source: { ...tinySource, batch: undefined as never } }],
    ["source.batchSize is NaN", { source: { ...tinySource, batchSize: Number.NaN } }],
    ["source.length is 1.5", { source: { ...tinySource, length: 1.5 } }],
    ["source.vocabularySize is undefined", { source: { ...tinySource, vocabularySize: undefined as never } }],
  ])("%s: refused with the value", (message, part) => {
    const attempt = () => checkParts({ ...replica, ...part }, 1, "test");
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).toThrow(`test: ${message}`);
  });

  test("so many micro-batches that their tokens would not fit into memory are refused with the most", () => {
    expect(() => checkParts(replica, 1000, "test")).not.toThrow();
    expect(() => checkParts(replica, 1e10, "test")).toThrow(
      "test: accumulate is 10000000000. Give an integer from 1 to 11184810.",
    );
  });
});

describe("checkReplica", () => {
  test("a state may be at the last step, not beyond it", () => {
    expect(() => checkReplica({ ...replica, resumeFrom: state }, 3, "test")).not.toThrow();
    expect(() => checkReplica({ ...replica, resumeFrom: state }, 2, "test")).toThrow(/resumeFrom is at step 3 of 2/);
    const half = { ...state, step: 0.5 };
    expect(() => checkReplica({ ...replica, resumeFrom: half }, 3, "test")).toThrow(/resumeFrom\.step is 0\.5/);
  });

  test("tokens that the model does not know are refused", () => {
    const source = { ...tinySource, vocabularySize: 6 };
    expect(() => checkReplica({ ...replica, source }, 3, "test")).toThrow(ShapeError);
    expect(() => checkReplica({ ...replica, source: { ...tinySource, vocabularySize: 4 } }, 3, "test")).not.toThrow();
  });
});

describe("checkAlike", () => {
  test("weights, rates, schedules and keys may differ, and the first is returned", () => {
    const other: ReplicaOptions = {
      source: { ...tinySource },
      model: { ...model, config: { ...model.config, initKey: [5, 6], initScale: 2 } },
      optimizer: { learningRate: 7, schedule: "linear", clip: 0 },
    };
    expect(checkAlike([replica, other], "test")).toBe(replica);
  });

  test("what must not differ is named with both values", () => {
    const other = { ...replica, model: { ...model, config: { ...model.config, nCtx: 99 } } };
    expect(() => checkAlike([replica, replica, other], "test")).toThrow(/replica 2 has the configuration .*"nCtx":99/);
    expect(() => checkAlike([replica, { ...replica, resumeFrom: state }], "test")).toThrow(
      /replica 1 has the number of steps done 3, replica 0 0/,
    );
    expect(() => checkAlike([], "test")).toThrow(InvalidArgumentError);
  });
});
