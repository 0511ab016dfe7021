import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../engines/create-engine.ts";
import { createReferenceEngine } from "../engines/reference.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../io/checkpoint.ts";
import { tinyRun } from "./_testing/tiny-run.ts";
import type { StepMetrics } from "./metrics.ts";
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

test("the result does not depend on the number of threads, nor the losses on the engine beyond float32", async () => {
  const [exact, one, two] = await Promise.all(engines.map((engine) => train({ ...tinyRun, engine })));
  expect(two?.state).toEqual(one?.state);
  expect(one?.variant).toBe("wasm-simd");
  for (const [step, loss] of (exact?.state.history.loss ?? []).entries()) {
    expect(one?.state.history.loss[step]).toBeCloseTo(loss, 4);
  }
});
