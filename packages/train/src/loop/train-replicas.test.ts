import { createKey, InvalidArgumentError, NotConvergedError, ShapeError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../engines/create-engine.ts";
import { createReferenceEngine } from "../engines/reference.ts";
import { addLora } from "../lora/add-lora.ts";
import { createTransformer } from "../model/transformer.ts";
import { mess3Replica } from "./_testing/hidden-markov.ts";
import type { StepMetrics } from "./metrics.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";
import type { LoopOptions, ReplicaOptions } from "./train-options.ts";
import { trainReplicas } from "./train-replicas.ts";

const engines = await Promise.all([
  createReferenceEngine(),
  createEngine({ device: "wasm", relaxedSimd: false }),
  createEngine({ device: "wasm", threads: 2, relaxedSimd: false }),
]);
afterAll(() => {
  for (const engine of engines) engine.dispose();
});
const replicas: readonly ReplicaOptions[] = [
  mess3Replica(1),
  { ...mess3Replica(2), optimizer: { learningRate: 0.03, schedule: "linear", warmup: 2, weightDecay: 0.1 } },
  { ...mess3Replica(3), optimalLoss: 1 },
];
const [one = mess3Replica(0), two = mess3Replica(0)] = replicas;

describe.each(engines.map((engine) => ({ name: `${engine.variant}, ${engine.threads} threads`, engine })))(
  "$name: every replica ends with the bits of its own run",
  ({ engine }) => {
    const alone = (options: Partial<LoopOptions>) =>
      Promise.all(replicas.map((replica) => train({ engine, steps: 6, ...options, ...replica })));

    test.each<[string, Partial<LoopOptions>]>([
      ["plainly", {}],
      ["in two shards", { shards: 2 }],
      ["with metrics read back rarely", { metricsEvery: 4 }],
      ["with gradients accumulated", { accumulate: 2 }],
      ["with tokens drawn by the engine", { sampleOnDevice: true }],
    ])("%s", async (_, options) => {
      const together = await trainReplicas({ engine, steps: 6, ...options, replicas });
      expect(together.map(({ state }) => state)).toEqual((await alone(options)).map(({ state }) => state));
      expect(together.map(({ stoppedBy, variant }) => [stoppedBy, variant])).toEqual(
        replicas.map(() => ["steps", engine.variant]),
      );
    });

    test("resumed from the checkpoints of all, or of some alone", async () => {
      const states: TrainState[] = [];
      const save = (state: TrainState, replica: number): void => {
        if (state.step === 4) states[replica] = state;
      };
      const whole = await trainReplicas({ engine, steps: 6, replicas, checkpoint: { every: 2, save } });
      const resumed = replicas.map((replica, r) => {
        const resumeFrom = states[r];
        return resumeFrom === undefined ? replica : { ...replica, resumeFrom };
      });
      expect(resumed.every(({ resumeFrom }) => resumeFrom?.step === 4)).toBe(true);
      const again = await trainReplicas({ engine, steps: 6, replicas: resumed.slice(1) });
      expect(again.map(({ state }) => state)).toEqual(whole.slice(1).map(({ state }) => state));
    });
  },
);

const [engine = createReferenceEngine()] = engines;

test("callbacks get the index of the replica, and the metrics of its own run", async () => {
  const told: StepMetrics[][] = replicas.map(() => []);
  const observed: string[] = [];
  await trainReplicas({
    engine,
    steps: 3,
    replicas,
    onStep: (metrics, replica) => void told[replica]?.push(metrics),
    observe: {
      every: 3,
      parameters: ["unembed.b_U"],
      onObserve: (step, _, replica) => void observed.push(`${step}:${replica}`),
    },
  });
  expect(observed).toEqual(["0:0", "0:1", "0:2", "3:0", "3:1", "3:2"]);
  const own: StepMetrics[] = [];
  await train({ engine, steps: 3, ...two, onStep: (metrics) => void own.push(metrics) });
  const strip = ({ tokensPerSecond: _, ...rest }: StepMetrics) => rest;
  expect(told[1]?.map(strip)).toEqual(own.map(strip));
  expect(told.map((metrics) => metrics.every(({ excess }) => excess === undefined))).toEqual([true, true, false]);
});

test("a replica that runs out of patience keeps its state; the others go on", async () => {
  const evaluate = {
    every: 1,
    patience: 1,
    run: (_: unknown, step: number, replica: number) => (replica === 1 ? step : -step),
  };
  const saved: string[] = [];
  const checkpoint = {
    every: 3,
    save: ({ step }: TrainState, replica: number) => void saved.push(`${step}:${replica}`),
  };
  const results = await trainReplicas({ engine, steps: 6, replicas, evaluate, checkpoint });
  expect(results.map(({ state: { step }, stoppedBy }) => [step, stoppedBy])).toEqual([
    [6, "steps"],
    [2, "evaluation"],
    [6, "steps"],
  ]);
  expect(saved).toEqual(["2:1", "3:0", "3:2", "6:0", "6:2"]);
  const run = (_: unknown, step: number): number => step;
  const alone = await train({ engine, steps: 6, ...two, evaluate: { ...evaluate, run } });
  expect(results[1]?.state).toEqual(alone.state);
});

test("a loss that is not finite names the replica", async () => {
  const weights = new Map(two.model.weights).set("unembed.W_U", new Float64Array(24).fill(1e300));
  const bad = { ...two, model: { ...two.model, weights } };
  const attempt = trainReplicas({ engine, steps: 2, replicas: [one, bad] });
  await expect(attempt).rejects.toThrow(NotConvergedError);
  await expect(attempt).rejects.toThrow(/trainReplicas: at step 1 of replica 1 the loss is .* not finite: /);
});

describe("replicas that cannot run as one are refused with what differs", () => {
  const model = createTransformer({ nLayers: 1, dModel: 8, nHeads: 4, nCtx: 4, vocabularySize: 4, outputSize: 3 });
  const adapted = addLora(two.model, { target: "unembed.W_U", rank: 1, key: createKey(0) });
  test.each<[string, Partial<ReplicaOptions>, RegExp]>([
    ["configuration", { model }, /replica 1 has the configuration .*"nHeads":4/],
    ["adapters", { model: adapted }, /replica 1 has the adapters .*unembed\.W_U/],
    ["batch size", { source: { ...two.source, batchSize: 4 } }, /replica 1 has the batch size 4, replica 0 8/],
    ["length", { source: { ...two.source, length: 3 } }, /replica 1 has the length 3, replica 0 4/],
    ["algorithm", { optimizer: { learningRate: 1, algorithm: "sgd" } }, /replica 1 has the algorithm "sgd"/],
  ])("%s", async (_, part, message) => {
    const attempt = trainReplicas({ engine, steps: 1, replicas: [one, { ...two, ...part }] });
    await expect(attempt).rejects.toThrow(ShapeError);
    await expect(attempt).rejects.toThrow(message);
  });

  test("steps done, decay groups, none at all", async () => {
    const { state: resumeFrom } = await train({ engine, steps: 1, ...two });
    const other = trainReplicas({ engine, steps: 2, replicas: [one, { ...two, resumeFrom }] });
    await expect(other).rejects.toThrow(/replica 1 has the number of steps done 1, replica 0 0/);
    const decay = { ...two, optimizer: { learningRate: 1, decay: "none" as const } };
    await expect(trainReplicas({ engine, steps: 2, replicas: [one, decay] })).rejects.toThrow(/decay groups/);
    await expect(trainReplicas({ engine, steps: 2, replicas: [] })).rejects.toThrow(InvalidArgumentError);
  });
});
