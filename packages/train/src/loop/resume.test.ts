import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../engines/create-engine.ts";
import { createReferenceEngine } from "../engines/reference.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../io/checkpoint.ts";
import { tinyRun } from "./_testing/tiny-run.ts";
import type { StepMetrics } from "./metrics.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";

const engines = await Promise.all([
  createReferenceEngine(),
  createEngine({ device: "wasm", relaxedSimd: false }),
  createEngine({ device: "wasm", threads: 2, relaxedSimd: false }),
]);
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

describe.each(engines.map((engine) => ({ name: `${engine.variant}, ${engine.threads} threads`, engine })))(
  "determinism: $name",
  ({ engine }) => {
    test("stopped and resumed at any step, through the bytes of a checkpoint, gives bit-identical weights", async () => {
      const whole = await train({ ...tinyRun, engine });
      const again = await train({ ...tinyRun, engine });
      expect(again.state).toEqual(whole.state);
      for (let stop = 0; stop <= tinyRun.steps; stop++) {
        const controller = new AbortController();
        if (stop === 0) controller.abort();
        const onStep = ({ step }: StepMetrics): void => {
          if (step === stop) controller.abort();
        };
        const part = await train({ ...tinyRun, engine, onStep, signal: controller.signal });
        expect([part.state.step, part.completed]).toEqual([stop, stop === tinyRun.steps]);
        const { state } = decodeCheckpoint(encodeCheckpoint({ model: part.model, state: part.state }));
        if (state === undefined) throw new Error("the checkpoint has no state");
        const resumed = await train({ ...tinyRun, engine, resumeFrom: state });
        expect(resumed.state).toEqual(whole.state);
        expect(resumed.completed).toBe(true);
      }
    });
  },
);

describe("all that a run is told and does, at once", () => {
  const choices = [1, 2].flatMap((accumulate) =>
    [1, 3].flatMap((metricsEvery) =>
      (["adamw", "sgd"] as const).map((algorithm) => ({ accumulate, metricsEvery, algorithm })),
    ),
  );
  test.each(choices)(
    "goes on from every checkpoint as if it had never stopped: $accumulate, $metricsEvery, $algorithm",
    async (choice) => {
      const { algorithm, ...options } = choice;
      const run = async (resumeFrom?: TrainState) => {
        const states: TrainState[] = [];
        const told: unknown[] = [];
        const observed: unknown[] = [];
        const { state } = await train({
          ...tinyRun,
          ...options,
          engine: createReferenceEngine(),
          optimizer: { ...tinyRun.optimizer, algorithm, ...(algorithm === "sgd" ? { momentum: 0.9 } : {}) },
          optimalLoss: 0.5,
          evaluate: { every: 2, run: (model) => model.weights.get("unembed.b_U")?.[0] ?? Number.NaN },
          observe: { every: 3, onObserve: (step, weights) => void observed.push([step, ...weights.values()]) },
          checkpoint: { every: 1, save: (one) => void states.push(one) },
          onStep: ({ tokensPerSecond: _, ...metrics }) => void told.push(metrics),
          ...(resumeFrom === undefined ? {} : { resumeFrom }),
        });
        return { state, states, told, observed };
      };
      const whole = await run();
      expect(whole.states).toHaveLength(tinyRun.steps);
      for (const from of whole.states) {
        const { state: loaded } = decodeCheckpoint(encodeCheckpoint({ model: tinyRun.model, state: from }));
        const rest = await run(loaded);
        expect(rest.state).toEqual(whole.state);
        expect(rest.told).toEqual(whole.told.slice(from.step));
        expect(rest.observed).toEqual(whole.observed.slice(1 + Math.floor(from.step / 3)));
      }
    },
  );
});

test("the result does not depend on the number of threads, nor the losses on the engine beyond float32", async () => {
  const [exact, one, two] = await Promise.all(engines.map((engine) => train({ ...tinyRun, engine })));
  expect(two?.state).toEqual(one?.state);
  expect(one?.variant).toBe("wasm-simd");
  for (const [step, loss] of (exact?.state.history.loss ?? []).entries()) {
    expect(one?.state.history.loss[step]).toBeCloseTo(loss, 4);
  }
});
