import { fc, test as property } from "@fast-check/vitest";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../io/checkpoint.ts";
import { tinyRun } from "./_testing/tiny-run.ts";
import { checkEvaluate, isOutOfPatience } from "./early-stopping.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";

const evaluations = (values: readonly number[]) => values.map((value, i) => ({ step: i + 1, value }));

describe("isOutOfPatience", () => {
  property.prop([fc.array(fc.double(), { maxLength: 12 }), fc.integer({ min: 1, max: 4 })])(
    "is whether the last values are all no lower than the lowest before them",
    (values, patience) => {
      const [before, last] = [values.slice(0, -patience), values.slice(-patience)];
      const best = Math.min(Number.POSITIVE_INFINITY, ...before.filter((value) => !Number.isNaN(value)));
      const expected = values.length >= patience && !last.some((value) => value < best);
      expect(isOutOfPatience(evaluations(values), { patience })).toBe(expected);
    },
  );

  test("a slow descent by less than minDelta counts from the last value that improved", () => {
    const values = evaluations([1, 0.96, 0.92, 0.88]);
    expect(isOutOfPatience(values, { patience: 2, minDelta: 0.1 })).toBe(false);
    expect(isOutOfPatience(evaluations([1, 0.96, 0.92]), { patience: 2, minDelta: 0.1 })).toBe(true);
  });

  test("without patience never", () => {
    expect(isOutOfPatience(evaluations([1, 2, 3, 4]), {})).toBe(false);
  });
});

/** Values that fall until step 4 of a run and rise then. */
const valley = (step: number): number => Math.abs(step - 4);

describe("evaluate", () => {
  test("measures the model of the step and stops when it no longer improves; the last state is saved", async () => {
    const steps: number[] = [];
    const saved: number[] = [];
    const weights: unknown[] = [];
    const result = await train({
      ...tinyRun,
      steps: 20,
      evaluate: {
        every: 2,
        patience: 2,
        run(model, step) {
          steps.push(step);
          weights.push(model.weights);
          return valley(step);
        },
      },
      checkpoint: { every: 100, save: ({ step }) => void saved.push(step) },
    });
    expect(steps).toEqual([2, 4, 6, 8]);
    expect([result.state.step, result.completed, result.stoppedBy]).toEqual([8, false, "evaluation"]);
    expect(saved).toEqual([8]);
    expect(weights.at(-1)).toEqual(result.state.weights);
    expect(result.state.evaluations).toEqual(steps.map((step) => ({ step, value: valley(step) })));
  });

  test("without patience it changes nothing but the record", async () => {
    const plain = await train(tinyRun);
    const { state, stoppedBy } = await train({ ...tinyRun, evaluate: { every: 3, run: async (_, step) => -step } });
    const { evaluations: values, ...rest } = state;
    expect(rest).toEqual(plain.state);
    expect(values).toEqual([
      { step: 3, value: -3 },
      { step: 6, value: -6 },
    ]);
    expect(stoppedBy).toBe("steps");
    expect(plain.state.evaluations).toBeUndefined();
  });

  test("a resumed run stops where the whole one does, and one that had stopped stays", async () => {
    const evaluate = { every: 1, patience: 3, run: (_: unknown, step: number) => valley(step) };
    const states: TrainState[] = [];
    const checkpoint = { every: 1, save: (state: TrainState) => void states.push(state) };
    const whole = await train({ ...tinyRun, steps: 20, evaluate, checkpoint });
    expect(whole.state.step).toBe(7);
    for (const state of states) {
      const { state: loaded } = decodeCheckpoint(encodeCheckpoint({ model: tinyRun.model, state }));
      if (loaded === undefined) throw new Error("no state");
      const resumed = await train({ ...tinyRun, steps: 20, evaluate, resumeFrom: loaded });
      expect(resumed.state).toEqual(whole.state);
      expect(resumed.stoppedBy).toBe("evaluation");
    }
  });

  test("what is no number is refused with the step, and NaN is none that is better", async () => {
    const run = (_: unknown, step: number): number => (step === 4 ? (undefined as never) : Number.NaN);
    const evaluate = { every: 2, run };
    const attempt = train({ ...tinyRun, evaluate });
    await expect(attempt).rejects.toThrow(InvalidArgumentError);
    await expect(attempt).rejects.toThrow("train: evaluate.run returned undefined at step 4");
    expect((await train({ ...tinyRun, evaluate: { ...evaluate, patience: 1 } })).state.step).toBe(2);
  });

  test.each([
    ["every", { every: 0 }],
    ["patience", { every: 1, patience: 1.5 }],
    ["minDelta", { every: 1, minDelta: Number.NaN }],
  ])("%s out of range is refused by name", async (name, part) => {
    const evaluate = { run: () => 0, ...part };
    expect(() => checkEvaluate(evaluate, "test")).toThrow(InvalidArgumentError);
    await expect(train({ ...tinyRun, evaluate })).rejects.toThrow(`train: evaluate.${name} is`);
  });
});
