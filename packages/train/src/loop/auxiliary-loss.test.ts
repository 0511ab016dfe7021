import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { tinyRun as sharded, tinyModel } from "./_testing/tiny-run.ts";
import { type AuxiliaryLoss, auxiliaryHooks } from "./auxiliary-loss.ts";
import type { TrainState } from "./state.ts";
import { train } from "./train.ts";

const tinyRun = { ...sharded, shards: 1 };
const one = { replicas: 1, accumulate: 1 };
const loss = (...at: AuxiliaryLoss["at"]): AuxiliaryLoss => ({ at, evaluate: async () => 0 });

describe("auxiliaryHooks", () => {
  test("the hook points of all losses in their order", () => {
    expect(auxiliaryHooks([], one, "test")).toEqual([]);
    const losses = [loss("hook_embed"), loss("blocks.1.hook_resid_post", "blocks.0.hook_resid_post")];
    expect(auxiliaryHooks(losses, one, "test")).toEqual([
      "hook_embed",
      "blocks.1.hook_resid_post",
      "blocks.0.hook_resid_post",
    ]);
  });

  test.each<[string, readonly AuxiliaryLoss[]]>([
    ["an auxiliary loss reads no hook point", [loss("hook_embed"), loss()]],
    ['two auxiliary losses read "hook_embed"', [loss("hook_embed"), loss("hook_embed")]],
    ['two auxiliary losses read "hook_embed"', [loss("hook_embed", "hook_embed")]],
    ["auxiliary[1].evaluate is undefined", [loss("hook_embed"), { at: ["hook_pos_embed"] } as never]],
    ["auxiliary[0] is undefined", [undefined as never]],
  ])("%s: refused", (message, losses) => {
    const attempt = () => auxiliaryHooks(losses, one, "test");
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).toThrow(`test: ${message}`);
  });

  test("several replicas or micro-batches are refused, without losses they are not", () => {
    for (const part of [{ replicas: 2 }, { accumulate: 3 }]) {
      expect(() => auxiliaryHooks([loss("hook_embed")], { ...one, ...part }, "test")).toThrow(UnsupportedError);
      expect(auxiliaryHooks([], { ...one, ...part }, "test")).toEqual([]);
    }
  });
});

describe("an auxiliary loss in training", () => {
  const hook = "blocks.0.hook_resid_post";
  /** strength sum_i c_i x_i^2 / 2 with coefficients that differ. */
  const quadratic = (strength: number): AuxiliaryLoss => ({
    at: [hook],
    async evaluate({ read, write }) {
      const x = await read(hook);
      const gradient = Float64Array.from(x, (value, i) => strength * Math.cos(i) * value);
      write(hook, gradient);
      return gradient.reduce((sum, g, i) => sum + (g * (x[i] ?? Number.NaN)) / 2, 0);
    },
  });
  const valueAt = async (weights: ReadonlyMap<string, Float64Array | Float32Array>): Promise<number> => {
    let value = Number.NaN;
    const run = { ...tinyRun, model: { ...tinyModel, weights }, steps: 1 };
    await train({
      ...run,
      auxiliary: [quadratic(1)],
      onStep: (step) => {
        value = step.auxiliary ?? Number.NaN;
      },
    });
    return value;
  };

  test("changes the weights by its gradient, as differences of its value have it", async () => {
    // One step of plain gradient descent without clipping: the weights differ by -rate times the gradient of the loss.
    const rate = 0.5;
    const sgd = { ...tinyRun, steps: 1, optimizer: { algorithm: "sgd" as const, learningRate: rate, clip: 0 } };
    const plain = await train(sgd);
    const pushed = await train({ ...sgd, auxiliary: [quadratic(1)] });
    for (const name of ["embed.W_E", "blocks.0.mlp.W_out", "blocks.0.attn.W_Q", "blocks.0.mlp.W_out.lora_A"]) {
      for (const index of [1, 5]) {
        const moved = (pushed.state.weights.get(name)?.[index] ?? 0) - (plain.state.weights.get(name)?.[index] ?? 0);
        const shifted = (by: number) => {
          const values = Float64Array.from(tinyModel.weights.get(name) ?? []);
          values[index] = (values[index] ?? 0) + by;
          return valueAt(new Map([...tinyModel.weights, [name, values]]));
        };
        const h = 1e-4;
        const slope = ((await shifted(h)) - (await shifted(-h))) / (2 * h);
        expect(moved).toBeCloseTo(-rate * slope, 7);
      }
    }
    // Behind the hook point there is no gradient of it.
    for (const name of ["unembed.b_U", "blocks.1.mlp.W_in"]) {
      expect(pushed.state.weights.get(name)).toEqual(plain.state.weights.get(name));
    }
  });

  test("of strength 0 it changes nothing but the metrics", async () => {
    const told: unknown[] = [];
    const { state } = await train({
      ...tinyRun,
      auxiliary: [quadratic(0)],
      onStep: (step) => void told.push(step.auxiliary),
    });
    expect(state).toEqual((await train(tinyRun)).state);
    expect(told.map(Number)).toEqual(new Array(tinyRun.steps).fill(0));
  });

  test("that is switched off after some steps goes on as if it had never been there from then", async () => {
    const until = 3;
    const inner = quadratic(1);
    const switched: AuxiliaryLoss = {
      at: [hook],
      evaluate: async (context) => (context.step < until ? inner.evaluate(context) : 0),
    };
    const first = await train({
      ...tinyRun,
      auxiliary: [inner],
      checkpoint: { every: until, save: (state) => void states.set(state.step, state) },
    });
    expect(first.completed).toBe(true);
    const rest = await train({ ...tinyRun, resumeFrom: states.get(until) ?? first.state });
    const { state } = await train({ ...tinyRun, auxiliary: [switched] });
    expect(state.weights).toEqual(rest.state.weights);
  });
  const states = new Map<number, TrainState>();

  test("that is not finite stops the run with the step and its gradient", async () => {
    const wild: AuxiliaryLoss = {
      at: [hook],
      async evaluate({ step, shape, write }) {
        const length = shape(hook).reduce((product, size) => product * size, 1);
        write(hook, new Float64Array(length).fill(step === 2 ? Number.NaN : 0));
        return 0;
      },
    };
    const attempt = train({ ...tinyRun, auxiliary: [wild] });
    await expect(attempt).rejects.toMatchObject({ name: "NotConvergedError" });
    await expect(attempt).rejects.toThrow(
      /at step 3 .*the gradient of an auxiliary loss at "blocks\.0\.hook_resid_post" has NaN/,
    );
  });
});
