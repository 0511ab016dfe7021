import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { compilePlan } from "../../plan/compile.ts";
import { packParameters } from "../../plan/parameter-layout.ts";
import { tinyLength as length, tinyModel as model } from "../_testing/tiny-run.ts";
import type { AuxiliaryLoss } from "../auxiliary-loss.ts";
import { auxiliaryStep } from "./auxiliary-step.ts";

const hook = "blocks.0.hook_resid_post";
const batch = 2;
const size = batch * length * model.config.dModel;

/** A forward pass whose activations a loss can read, and what the backward pass will add to their gradient. */
function prepare() {
  const engine = createReferenceEngine();
  const { config, adapters } = model;
  const watched = [hook] as const;
  const plan = compilePlan(
    {
      config,
      adapters,
      batch,
      length,
      trainable: "all",
      capture: watched,
      injectGradients: watched,
      separateBackward: true,
    },
    "test",
  );
  engine.upload(plan, "parameters", packParameters(plan.parameters, model.weights, "test"));
  engine.upload(plan, "tokens", new Int32Array(batch * length).fill(1));
  engine.upload(plan, "targets", new Int32Array(batch * length).fill(2));
  engine.upload(plan, "weights", new Float64Array(batch * length).fill(1));
  void engine.execute(plan, "forward");
  const injected = (): readonly number[] => Array.from(engine.download(plan, `inject.${hook}`));
  return { engine, plan, injected };
}

describe("the auxiliary losses of a step", () => {
  test("read the activation in its shape, are told the step, and their sum is returned", async () => {
    const { engine, plan } = prepare();
    const steps: number[] = [];
    const loss = (value: number): AuxiliaryLoss => ({
      at: [hook],
      async evaluate({ step, shape, read }) {
        steps.push(step);
        expect(shape(hook)).toEqual([batch, length, model.config.dModel]);
        expect(await read(hook)).toEqual(await engine.download(plan, `capture.${hook}`));
        return value;
      },
    });
    expect(await auxiliaryStep([loss(2), loss(0.5)], engine, plan).evaluate(7)).toBe(2.5);
    expect(steps).toEqual([7, 7]);
  });

  test("a gradient lasts one step: a loss that writes none at the next has none there", async () => {
    const { engine, plan, injected } = prepare();
    const gradient = Float64Array.from({ length: size }, (_, i) => i + 1);
    const loss: AuxiliaryLoss = {
      at: [hook],
      async evaluate({ step, write }) {
        if (step !== 1) write(hook, gradient);
        return 0;
      },
    };
    const { evaluate } = auxiliaryStep([loss], engine, plan);
    await evaluate(0);
    expect(injected()).toEqual([...gradient]);
    await evaluate(1);
    expect(injected()).toEqual(new Array(size).fill(0));
    await evaluate(2);
    expect(injected()).toEqual([...gradient]);
  });

  test("what was written on the device itself is left alone", async () => {
    const { engine, plan, injected } = prepare();
    const gradient = new Float64Array(size).fill(3);
    engine.upload(plan, `inject.${hook}`, gradient);
    await auxiliaryStep([{ at: [hook], evaluate: async () => 0 }], engine, plan).evaluate(0);
    expect(injected()).toEqual([...gradient]);
  });

  test("a gradient of another size, or at a hook point that the loss does not read, is refused by name", async () => {
    const { engine, plan } = prepare();
    const write = (at: typeof hook | "hook_embed", count: number): AuxiliaryLoss => ({
      at: [hook],
      async evaluate(context) {
        context.write(at, new Float64Array(count));
        return 0;
      },
    });
    const attempt = (loss: AuxiliaryLoss) => auxiliaryStep([loss], engine, plan).evaluate(0);
    await expect(attempt(write(hook, size - 1))).rejects.toMatchObject({ name: "ShapeError" });
    await expect(attempt(write("hook_embed", size))).rejects.toThrow(/inject\.hook_embed/);
  });
});
