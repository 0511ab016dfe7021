import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../../engines/create-engine.ts";
import { DeviceLostError } from "../../engines/device-lost-error.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { fragileEngine } from "../_testing/fragile-engine.ts";
import { mess3Replica } from "../_testing/hidden-markov.ts";
import { tinyRun } from "../_testing/tiny-run.ts";
import type { StepMetrics } from "../metrics.ts";
import type { TrainState } from "../state.ts";
import { train } from "../train.ts";
import type { TrainOptions } from "../train-options.ts";
import { trainReplicas } from "../train-replicas.ts";

const wasm = await createEngine({ device: "wasm", relaxedSimd: false });
afterAll(() => wasm.dispose());

/** Trains with a device that is lost at some calls; everything that callbacks were told, in order. */
async function told(options: TrainOptions) {
  const events: string[] = [];
  const strip = ({ tokensPerSecond: _, ...rest }: StepMetrics) => rest;
  const note = (step: number, weights: TrainState["weights"]): number =>
    events.push(`${step}: ${[...weights.values()].map((values) => values.join()).join(";")}`);
  const { recoveries, ...result } = await train({
    ...options,
    onStep: (metrics) => void events.push(JSON.stringify(strip(metrics))),
    checkpoint: { every: 2, save: ({ step, weights }) => void note(step, weights) },
    observe: { every: 3, parameters: ["unembed.W_U"], onObserve: (step, weights) => void note(step, weights) },
    evaluate: { every: 2, run: (model, step) => note(step, model.weights) },
  });
  return { events, result, recoveries };
}

describe.each([
  ["metrics of every step", {}],
  ["metrics of every fourth", { metricsEvery: 4 }],
  ["accumulation", { accumulate: 2 }],
  ["momentum", { optimizer: { algorithm: "sgd", momentum: 0.9, learningRate: 0.1 } }],
] as const)("a device that is lost, with %s", (_, part) => {
  const options: TrainOptions = { ...mess3Replica(1), engine: wasm, steps: 5, shards: 2, ...part };

  test("at any one call: the same result, and callbacks hear everything once", async () => {
    const whole = await told(options);
    const counting = fragileEngine(wasm, []);
    await told({ ...options, engine: counting });
    for (let call = 1; call <= counting.calls(); call++) {
      const engine = fragileEngine(wasm, [call], call % 2 === 0);
      const run = await told({ ...options, engine });
      expect(run.result, `call ${call}`).toEqual(whole.result);
      expect(run.events, `call ${call}`).toEqual(whole.events);
      expect(run.recoveries).toBe(1);
    }
  });
});

test("a device that is lost while a checkpoint is saved: the checkpoint is saved again", async () => {
  const whole = await train({ ...tinyRun, engine: wasm });
  const saved: string[] = [];
  let lost = false;
  const save = async ({ step }: TrainState): Promise<void> => {
    saved.push(`begun ${step}`);
    if (step === 4 && !lost) {
      lost = true;
      throw new DeviceLostError({ source: "test", problem: "the device was lost", remedy: "Restore it" });
    }
    saved.push(`done ${step}`);
  };
  const { state, recoveries } = await train({ ...tinyRun, engine: wasm, checkpoint: { every: 2, save } });
  expect(saved.join()).toBe("begun 2,done 2,begun 4,begun 4,done 4,begun 6,done 6,begun 7,done 7");
  expect([state, recoveries]).toEqual([whole.state, 1]);
});

test("three losses are recovered by default, a fourth is not; the number is an option", async () => {
  const whole = await train({ ...tinyRun, engine: wasm });
  const engine = (losses: readonly number[]) => fragileEngine(wasm, losses);
  const thrice = await train({ ...tinyRun, engine: engine([2, 9, 14]) });
  expect([thrice.state, thrice.recoveries]).toEqual([whole.state, 3]);
  await expect(train({ ...tinyRun, engine: engine([2, 9, 14, 17]) })).rejects.toThrow(DeviceLostError);
  expect((await train({ ...tinyRun, engine: engine([2, 9, 14, 17]), recoveries: 4 })).recoveries).toBe(4);
  await expect(train({ ...tinyRun, engine: engine([2]), recoveries: 0 })).rejects.toThrow(/lost at call 2/);
});

test("replicas and samplers come back too", async () => {
  const options = { steps: 5, sampleOnDevice: true, replicas: [mess3Replica(1), mess3Replica(2)] };
  const whole = await trainReplicas({ ...options, engine: createReferenceEngine() });
  const lost = await trainReplicas({ ...options, engine: fragileEngine(createReferenceEngine(), [7, 16]) });
  expect(lost.map(({ state }) => state)).toEqual(whole.map(({ state }) => state));
});

test("a long run without checkpoints goes on from a state in memory, not from its beginning", async () => {
  const drawn: number[] = [];
  const { source } = mess3Replica(1);
  const counted = {
    ...source,
    batch(step: number) {
      drawn.push(step);
      return source.batch(step);
    },
  };
  const options = { ...mess3Replica(1), source: counted, steps: 300 };
  const calls = fragileEngine(wasm, []);
  const whole = await train({ ...options, engine: calls });
  drawn.length = 0;
  const { state } = await train({ ...options, engine: fragileEngine(wasm, [calls.calls() - 30]) });
  expect(state).toEqual(whole.state);
  expect(drawn.filter((step) => step === 0)).toHaveLength(1);
  expect(drawn.filter((step) => step === 256)).toHaveLength(2);
});
