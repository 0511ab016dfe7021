import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import type { Intervention } from "../../model/interventions.ts";
import { run } from "../../run/run.ts";
import { tinyModel, tinyRun, tinySource } from "../_testing/tiny-run.ts";
import { train } from "../train.ts";
import { trainingInterventions } from "./training-interventions.ts";

const { model, source, optimizer, engine } = tinyRun;
const replica = { model, source, optimizer };
const hook = "blocks.0.hook_resid_post";
const vector = [1, -2, 0.5, 3];

describe("trainingInterventions", () => {
  test("none, or ones of no strength, plan nothing", () => {
    expect(trainingInterventions(tinyRun, [replica, replica], "test").planned).toEqual([]);
    const still: Intervention = { hook, vector, scale: 0 };
    expect(trainingInterventions({ ...tinyRun, interventions: [still] }, [replica], "test").planned).toEqual([]);
  });

  test("what is planned keeps its order", () => {
    const interventions: Intervention[] = [
      { hook, vector },
      { hook: "hook_embed", kind: "scale", factor: 2 },
    ];
    const { planned } = trainingInterventions({ ...tinyRun, interventions }, [replica], "test");
    expect(planned.map(({ hook }) => hook)).toEqual([hook, "hook_embed"]);
  });

  test("several replicas, unknown hook points and rows beyond the batch are refused by name", () => {
    const attempt = (interventions: readonly Intervention[], replicas = [replica]) =>
      trainingInterventions({ ...tinyRun, interventions }, replicas, "test");
    expect(() => attempt([{ hook, vector }], [replica, replica])).toThrow(UnsupportedError);
    expect(() => attempt([{ hook: "blocks.9.hook_resid_post", vector }])).toThrow(InvalidArgumentError);
    expect(() => attempt([{ hook, vector, rows: [tinySource.batchSize] }])).toThrow(/row 8/);
    expect(() => attempt([{ hook, vector: [1] }])).toThrow(/vector/);
  });
});

describe("interventions in training", () => {
  test("act in every step: the first loss and update are those of the model with them", async () => {
    const interventions: Intervention[] = [{ hook, vector, positions: [1, 2], rows: [0, 3] }];
    const rate = 0.25;
    const sgd = { algorithm: "sgd" as const, learningRate: rate, clip: 0 };
    const { state } = await train({ ...tinyRun, steps: 1, optimizer: sgd, interventions });
    const { tokens, lossMask } = source.batch(0);
    const { length } = source;
    const inputs = tokens.filter((_, i) => i % (length + 1) < length);
    const targets = tokens.filter((_, i) => i % (length + 1) > 0);
    const { logits } = await run(tinyModel, { tokens: inputs, length, engine, interventions });
    const size = tinyModel.config.outputSize;
    let [sum, counted] = [0, 0];
    for (const [row, target] of targets.entries()) {
      if (lossMask?.[row] === 0) continue;
      const own = Array.from(logits.subarray(row * size, (row + 1) * size));
      sum += Math.log(own.reduce((all, logit) => all + Math.exp(logit), 0)) - (own[target] ?? Number.NaN);
      counted++;
    }
    expect(state.history.loss[0]).toBeCloseTo(sum / counted, 12);
    const plain = await train({ ...tinyRun, steps: 1, optimizer: sgd });
    expect(state.history.loss[0]).not.toBe(plain.state.history.loss[0]);
  });

  test("of strength 0 leave every bit, and a run with them resumes with them", async () => {
    const still: Intervention = { hook, vector, scale: 0 };
    expect((await train({ ...tinyRun, interventions: [still] })).state).toEqual((await train(tinyRun)).state);
    const changed = { ...tinyRun, interventions: [{ hook, vector } as Intervention] };
    const whole = await train(changed);
    // Stopped at step 3 of the same schedule.
    const stop = new AbortController();
    const part = await train({
      ...changed,
      signal: stop.signal,
      onStep: ({ step }) => (step === 3 ? stop.abort() : undefined),
    });
    expect(part.state.step).toBe(3);
    expect((await train({ ...changed, resumeFrom: part.state })).state).toEqual(whole.state);
    expect(whole.state.weights).not.toEqual((await train(tinyRun)).state.weights);
  });
});
