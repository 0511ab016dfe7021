import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../../engines/create-engine.ts";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { evaluateLoss } from "../../run/evaluate-loss.ts";
import { mess3Replica } from "../_testing/hidden-markov.ts";
import { learningRateAt } from "../schedule.ts";
import type { LoopOptions } from "../train-options.ts";
import { prepareRun } from "./prepare-run.ts";

const engines = await Promise.all([createReferenceEngine(), createEngine({ device: "wasm", relaxedSimd: false })]);
afterAll(() => {
  for (const engine of engines) engine.dispose();
});
const replicas = [
  mess3Replica(1),
  { ...mess3Replica(2), optimizer: { learningRate: 0.1, schedule: "cosine" as const } },
];
const prepare = (engine: Engine, options: Partial<LoopOptions> = {}) => {
  const prepared = prepareRun({ engine, steps: 10, ...options }, replicas, "test");
  prepared.stepper.start(replicas.map(({ model: { weights } }) => ({ weights })));
  return prepared;
};

describe.each(engines)("a step on $variant", (engine) => {
  test("has the loss of each replica's batch, as it is evaluated alone", async () => {
    const { stepper, plan } = prepare(engine);
    const reading = await stepper.run(4);
    for (const [r, { model, source }] of replicas.entries()) {
      const { loss } = await evaluateLoss(model, { tokens: source.batch(4).tokens, length: 4, engine });
      expect(reading?.loss[r]).toBeCloseTo(loss, 5);
    }
    expect(stepper.learningRates()).toEqual([0.01, learningRateAt(4, 10, { learningRate: 0.1, schedule: "cosine" })]);
    engine.release(plan);
  });

  test("slots hold the last steps, whatever step they begin at", async () => {
    const [direct, deferred] = [prepare(engine), prepare(engine, { metricsEvery: 3 })];
    expect([direct.slots, deferred.slots]).toEqual([0, 3]);
    const expected = [];
    for (let step = 2; step < 7; step++) {
      expected.push(await direct.stepper.run(step));
      expect(await deferred.stepper.run(step)).toBeUndefined();
    }
    for (const count of [1, 2, 3]) {
      const readings = await deferred.stepper.read(6, count);
      expect(readings).toHaveLength(count);
      for (const [i, reading] of readings.entries()) {
        const one = expected.at(i - count);
        expect(reading.gradientNorm).toEqual(one?.gradientNorm);
        for (const r of [0, 1]) expect(reading.loss[r]).toBeCloseTo(one?.loss[r] ?? Number.NaN, 5);
      }
    }
    for (const { plan } of [direct, deferred]) engine.release(plan);
  });

  test("start puts everything back, moments and gradients too", async () => {
    for (const options of [{}, { accumulate: 2 }]) {
      const { stepper, plan } = prepare(engine, options);
      const run = async () => [await stepper.run(0), await stepper.run(1)];
      const first = await run();
      expect(await run()).not.toEqual(first);
      stepper.start(replicas.map(({ model: { weights } }) => ({ weights })));
      expect(await run()).toEqual(first);
      engine.release(plan);
    }
  });
});
