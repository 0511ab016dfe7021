import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { createEngine } from "../engines/create-engine.ts";
import { tinyRun, tinySource } from "./_testing/tiny-run.ts";
import { checkOptimalLoss, meanOptimalLoss, type StepMetrics } from "./metrics.ts";
import { train } from "./train.ts";

const wasm = await createEngine({ device: "wasm", relaxedSimd: false });
afterAll(() => wasm.dispose());

/** What a run tells, step by step. */
async function metricsOf(extra: Partial<Parameters<typeof train>[0]>): Promise<readonly StepMetrics[]> {
  const metrics: StepMetrics[] = [];
  await train({ ...tinyRun, ...extra, onStep: (step) => void metrics.push(step) });
  return metrics;
}

describe("the excess loss", () => {
  test("is the loss minus the optimum over the targets that count", async () => {
    // The mask counts positions 0 and 2 of three.
    const metrics = await metricsOf({ optimalLoss: [0.5, Number.MAX_VALUE, 0.1] });
    for (const { loss, excess } of metrics) expect(excess).toBeCloseTo(loss - 0.3, 12);
    for (const { loss, excess } of await metricsOf({ optimalLoss: 0.25 })) expect(excess).toBeCloseTo(loss - 0.25, 12);
    expect(await metricsOf({})).not.toContainEqual(expect.objectContaining({ excess: expect.anything() }));
  });

  test("weights positions by how often they count", () => {
    // Position 0 counts three times, position 1 once.
    const weights = [0.25, 0.25, 0.25, 0, 0.25, 0];
    expect(meanOptimalLoss([1, 5], weights, 2)).toBe(2);
    expect(meanOptimalLoss(3, weights, 2)).toBe(3);
  });

  test.each([
    ["one entry too few", [1, 2], ShapeError],
    ["NaN", Number.NaN, InvalidArgumentError],
    ["a position that is infinite", [0, Number.POSITIVE_INFINITY, 0], InvalidArgumentError],
  ])("%s is refused", async (_, optimalLoss, kind) => {
    expect(() => checkOptimalLoss(optimalLoss, 3, "test")).toThrow(kind);
    await expect(train({ ...tinyRun, optimalLoss })).rejects.toThrow(kind);
  });
});

test("tokens per second are positive and finite", async () => {
  for (const { tokensPerSecond } of await metricsOf({})) {
    expect(tokensPerSecond).toBeGreaterThan(0);
    expect(tokensPerSecond).toBeLessThan(Number.POSITIVE_INFINITY);
  }
});

describe.each([tinyRun.engine, wasm])("metrics read back every few steps: $variant", (engine) => {
  test.each([1, 2, 3, 7, 16])("every %d", async (metricsEvery) => {
    const each = await train({ ...tinyRun, engine });
    const seen: number[] = [];
    const told: StepMetrics[] = [];
    const source = {
      ...tinySource,
      batch(step: number) {
        seen.push(told.length);
        return tinySource.batch(step);
      },
    };
    const some = await train({ ...tinyRun, engine, source, metricsEvery, onStep: (step) => void told.push(step) });
    // Steps that were told before each step: those of whole groups.
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((step) => step - (step % metricsEvery)));
    expect(some.state.weights).toEqual(each.state.weights);
    expect(some.state.optimizer).toEqual(each.state.optimizer);
    expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const [step, loss] of each.state.history.loss.entries()) {
      expect(some.state.history.loss[step]).toBeCloseTo(loss, 5);
      expect(told[step]?.loss).toBe(some.state.history.loss[step]);
      expect(some.state.history.gradientNorm[step]).toBe(each.state.history.gradientNorm[step]);
    }
  });
});

test("a checkpoint is written after the metrics before it", async () => {
  const order: string[] = [];
  await train({
    ...tinyRun,
    metricsEvery: 5,
    onStep: ({ step }) => void order.push(`step ${step}`),
    checkpoint: {
      every: 3,
      save({ step, history }) {
        order.push(`save ${step}`);
        expect(history.loss.every((loss) => loss > 0)).toBe(true);
      },
    },
  });
  expect(order.join()).toBe("step 1,step 2,step 3,save 3,step 4,step 5,step 6,save 6,step 7,save 7");
});

test("an abort between two reads ends with every step told", async () => {
  const controller = new AbortController();
  const told: number[] = [];
  const source = {
    ...tinySource,
    batch(step: number) {
      if (step === 4) controller.abort();
      return tinySource.batch(step);
    },
  };
  const { state, stoppedBy } = await train({
    ...tinyRun,
    source,
    metricsEvery: 4,
    signal: controller.signal,
    onStep: ({ step }) => void told.push(step),
  });
  expect([state.step, stoppedBy]).toEqual([5, "signal"]);
  expect(told).toEqual([1, 2, 3, 4, 5]);
});
