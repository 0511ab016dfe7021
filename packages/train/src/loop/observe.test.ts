import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import type { WeightArray } from "../model/transformer.ts";
import { parameterLayout } from "../plan/parameter-layout.ts";
import { tinyModel, tinyRun } from "./_testing/tiny-run.ts";
import { type ObserveOptions, observedLayout } from "./observe.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";

const factors = ["blocks.0.mlp.W_out.lora_A", "blocks.0.mlp.W_out.lora_B"];

describe("observe", () => {
  test("gives A and B of the adapters at step 0 and at every k-th step, as checkpoints have them", async () => {
    const seen = new Map<number, ReadonlyMap<string, WeightArray>>();
    const states = new Map<number, TrainState>();
    await train({
      ...tinyRun,
      trainable: "adapters",
      observe: { every: 3, onObserve: (step, weights) => void seen.set(step, weights) },
      checkpoint: { every: 1, save: (state) => void states.set(state.step, state) },
    });
    expect([...seen.keys()]).toEqual([0, 3, 6]);
    for (const [step, weights] of seen) {
      expect([...weights.keys()]).toEqual(factors);
      const expected = step === 0 ? tinyModel.weights : states.get(step)?.weights;
      for (const name of factors) expect([...(weights.get(name) ?? [])]).toEqual([...(expected?.get(name) ?? [])]);
    }
    expect(seen.get(3)).not.toEqual(seen.get(6));
  });

  test("does not change the run, also where metrics are read back rarely", async () => {
    const plain = await train(tinyRun);
    const observe = { every: 2, parameters: /./, onObserve: () => {} };
    expect((await train({ ...tinyRun, observe })).state).toEqual(plain.state);
    const rarely = await train({ ...tinyRun, observe, metricsEvery: 5 });
    expect(rarely.state.weights).toEqual(plain.state.weights);
  });

  test("a resumed run goes on with the next step that is due", async () => {
    const { state } = await train({ ...tinyRun, steps: 4, optimizer: { learningRate: 0.01 } });
    const steps: number[] = [];
    const observe: ObserveOptions = { every: 2, onObserve: (step) => void steps.push(step) };
    await train({ ...tinyRun, optimizer: { learningRate: 0.01 }, resumeFrom: state, observe });
    expect(steps).toEqual([6]);
  });
});

describe("observedLayout", () => {
  const { config, adapters } = tinyModel;
  const layout = parameterLayout(config, adapters);
  const select = (parameters: ObserveOptions["parameters"], every = 1, of = adapters) => {
    const options = { every, onObserve: () => {}, ...(parameters === undefined ? {} : { parameters }) };
    return [...observedLayout(layout, of, options, "test").entries.keys()];
  };

  test("names, patterns, adapters", () => {
    expect(select(["unembed.b_U", "embed.W_E"])).toEqual(["unembed.b_U", "embed.W_E"]);
    expect(select(/ln_final/g)).toEqual(["ln_final.w", "ln_final.b"]);
    expect(select(undefined)).toEqual(factors);
    expect(select("adapters")).toEqual(factors);
  });

  test.each([
    ["an unknown name", () => select(["unembed.W_Q"]), /no parameter "unembed\.W_Q"/],
    ["a pattern without a match", () => select(/W_gate/), /\/W_gate\/ and matches no parameter/],
    ["no names", () => select([]), /matches no parameter/],
    ["a model without adapters", () => select("adapters", 1, []), /addLora/],
    ["every 0 steps", () => select(undefined, 0), /observe\.every is 0/],
  ])("%s is refused", (_, attempt, message) => {
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).toThrow(message);
  });
});
