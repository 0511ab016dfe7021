import { createKey, InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { addLora } from "../../lora/add-lora.ts";
import { architectures } from "../../model/_testing/architectures.ts";
import { perturbed, randomModel } from "../../model/_testing/random-model.ts";
import { hookPoints } from "../../model/hook-points.ts";
import type { Transformer } from "../../model/transformer.ts";
import { type CompiledPlan, compilePlan, type PlanOptions } from "../../plan/compile.ts";
import type { PhaseName } from "../../plan/types.ts";
import { createReferenceEngine } from "../reference.ts";
import { runPlan, uploadAll, worstBuffer } from "./_testing/run-plan.ts";
import { createNativeEngine, executedPlan } from "./native-engine.ts";

const native = await createNativeEngine();
const reference = createReferenceEngine();
afterAll(() => native.dispose());

/** A plan for a model, four sequences in two shards, with what the test is about. */
function planFor(model: Transformer, options: Partial<PlanOptions>): CompiledPlan {
  const { config, adapters } = model;
  return compilePlan({ config, adapters, batch: 4, length: 3, shards: 2, ...options });
}

/** Runs phases on both engines: every buffer agrees. */
async function expectReference(
  model: Transformer,
  options: Partial<PlanOptions>,
  phases: readonly PhaseName[],
  uploads: Readonly<Record<string, ArrayLike<number>>> = {},
): Promise<void> {
  const run = { model, plan: planFor(model, options), phases, uploads };
  const [actual, expected] = [await runPlan(native, run), await runPlan(reference, run)];
  expect(expected.size).toBeGreaterThan(2);
  const { buffer, error } = worstBuffer(actual, expected);
  expect(error, buffer).toBeLessThan(2e-5);
}

const model = randomModel();
const tuned = perturbed(
  addLora(addLora(model, { target: "blocks.1.mlp.W_in", rank: 2, alpha: 3, key: createKey(1) }), {
    target: "blocks.0.attn.W_Q",
    rank: 1,
    alpha: 2,
    name: "second",
    key: createKey(2),
  }),
);

describe("equals the float64 reference", () => {
  test.each(architectures)("$name: two steps of SGD", ({ options }) =>
    expectReference(randomModel(options), { trainable: "all", optimizer: "sgd", keepLogits: true, metricsSlots: 2 }, [
      "step",
      "step",
    ]),
  );

  test.each(architectures)("$name: every activation, and the gradient at every hook point", ({ options }) => {
    const other = randomModel(options);
    const all = hookPoints(other.config);
    return expectReference(other, { capture: all, captureGradients: all, keepLogits: true, loss: true }, ["gradient"]);
  });

  test.each(["add", "project", "clamp", "patch", "scale"] as const)("intervention: %s at every hook point", (kind) => {
    const all = hookPoints(model.config);
    const interventions = all.map((hook) => ({ hook, kind }));
    const options = { interventions, capture: all, captureGradients: all, injectGradients: all, loss: true } as const;
    return expectReference(model, options, ["gradient"]);
  });

  test("captured positions", () =>
    expectReference(model, { capture: hookPoints(model.config), capturePositions: [2, 0] }, ["forward"]));

  test.each([{ trainable: "adapters" }, { trainable: "all" }] as const)("two adapters, $trainable trained", (options) =>
    expectReference(tuned, { ...options, optimizer: "sgd" }, ["step", "step"]),
  );

  test("single rows and biases", () => {
    const trainable = [{ parameter: "embed.W_E", rows: [1, 3] }, { parameter: "blocks.0.attn.b_Q" }];
    return expectReference(model, { trainable, optimizer: "sgd" }, ["step", "step"]);
  });

  test("a vocabulary too large for a one-hot product", () =>
    expectReference(randomModel({ vocabularySize: 60 }), { trainable: "all", optimizer: "sgd" }, ["step"]));

  test("accumulated gradients of two replicas", () =>
    expectReference(model, { trainable: "all", optimizer: "sgd", accumulate: true, replicas: 2 }, [
      "gradient",
      "accumulate",
      "accumulate",
      "update",
      "forward",
    ]));

  test("a backward pass that goes on from the activations of the forward pass, from given gradients of the logits", () =>
    expectReference(
      model,
      { trainable: "all", shards: 1, separateBackward: true, objective: "logits", keepLogits: true },
      ["forward", "backward"],
    ));

  test("batches drawn on the device", () => {
    const sampler = { states: 1, outcomes: 3, bos: -1 };
    // One state that emits 0, 1 or 2 with probabilities 1/4, 1/4 and 1/2; thresholds are u32 xor 2^31, as signed words.
    const last = [2 ** 30 - 1, 2 ** 31 - 1, 2 ** 32 - 1].map((u) => (u ^ 0x80000000) | 0);
    return expectReference(model, { trainable: "all", optimizer: "sgd", sampler }, ["sample", "step"], {
      "sampler.source": [1, 2, 7, 0],
      "sampler.first": [0, 2],
      "sampler.rowStart": [0, 2, 3],
      "sampler.last": [last[0] ?? 0, last[2] ?? 0, last[2] ?? 0],
      "sampler.token": [0, 1, 2],
      "sampler.next": [0, 0, 0],
    });
  });
});

test("twenty steps of AdamW have the losses of the reference to 1e-4", async () => {
  const plan = planFor(model, { trainable: "all" });
  for (const engine of [native, reference]) uploadAll(engine, { model, plan });
  for (let step = 0; step < 20; step++) {
    const losses: number[][] = [];
    for (const engine of [native, reference]) {
      await engine.execute(plan, "step");
      losses.push(Array.from(await engine.download(plan, "rowLoss")));
    }
    const [actual = [], expected = []] = losses;
    expect(Math.max(...expected.map((loss, i) => Math.abs(loss - (actual[i] ?? Number.NaN))))).toBeLessThan(1e-4);
  }
});

test("bits are the same from run to run, for one and two threads", async () => {
  const wide = randomModel({ dModel: 32, nHeads: 2, dMlp: 96, nCtx: 16 });
  const plan = planFor(wide, { batch: 16, length: 16, shards: 4, trainable: "all" });
  const run = { model: wide, plan, phases: ["step", "step", "step"] as const };
  const two = await createNativeEngine({ threads: 2 });
  const first = await runPlan(native, run);
  expect(await runPlan(native, run)).toEqual(first);
  expect(await runPlan(two, run)).toEqual(first);
  two.dispose();
});

test("an intervention of strength 0 changes no bit", async () => {
  const capture = hookPoints(model.config);
  const interventions = capture.map((hook) => ({ hook, kind: "project" as const }));
  const plain = await runPlan(native, {
    model,
    plan: planFor(model, { capture, keepLogits: true }),
    phases: ["forward"],
  });
  const plan = planFor(model, { capture, keepLogits: true, interventions });
  const zeros = Object.fromEntries(interventions.map((_, i) => [`intervention.${i}.strength`, new Float64Array(12)]));
  const changed = await runPlan(native, { model, plan, phases: ["forward"], uploads: zeros });
  for (const name of ["logits", ...capture.map((hook) => `capture.${hook}`)]) {
    expect(changed.get(name)).toEqual(plain.get(name));
  }
});

describe("what an engine says", () => {
  test("its device, variant and threads", () => {
    expect(native).toMatchObject({ device: "native", threads: 1 });
    expect(native.variant).toMatch(/^native-ort-1\.\d+\.\d+$/);
  });

  test.each([0, -1, 1.5, Number.NaN])("%s threads are refused", async (threads) => {
    await expect(createNativeEngine({ threads })).rejects.toThrow(InvalidArgumentError);
  });

  test("a phase that the plan lacks, a buffer that it lacks and a wrong length are named", async () => {
    const plan = planFor(model, {});
    await expect(native.execute(plan, "step")).rejects.toThrow(/no phase "step".*forward/s);
    expect(() => native.upload(plan, "token", [])).toThrow(InvalidArgumentError);
    expect(() => native.upload(plan, "tokens", [1])).toThrow(ShapeError);
    expect(() => native.download(plan, "logits")).toThrow(UnsupportedError);
  });

  test("the gradient of single shards does not exist: they are one", () => {
    const plan = planFor(model, { trainable: "all" });
    expect(() => native.download(plan, "shardGradient")).toThrow(/Use the sum, "gradient"/);
    expect(executedPlan(plan).plan.shards).toBe(1);
  });

  test("a phase that is still running, and an engine that is disposed", async () => {
    const engine = await createNativeEngine();
    const plan = planFor(model, {});
    const running = engine.execute(plan, "forward");
    expect(() => engine.download(plan, "tokens")).toThrow(/still running/);
    expect(() => engine.release(plan)).toThrow(/still running/);
    await expect(engine.execute(plan, "forward")).rejects.toThrow(/still running/);
    await running;
    engine.dispose();
    await expect(engine.execute(plan, "forward")).rejects.toThrow(/disposed/);
  });

  test("a plan may be used while another runs", async () => {
    const engine = await createNativeEngine();
    const [one, other] = [planFor(model, {}), planFor(model, { loss: true })];
    const alone = await runPlan(engine, { model, plan: other, phases: ["forward"] });
    uploadAll(engine, { model, plan: one });
    const running = engine.execute(one, "forward");
    expect(await runPlan(engine, { model, plan: other, phases: ["forward"] })).toEqual(alone);
    await running;
    engine.dispose();
  });

  test("the event loop turns before the graph of every replica", async () => {
    const engine = await createNativeEngine();
    const plan = planFor(model, { trainable: "all", replicas: 3 });
    await engine.execute(plan, "gradient");
    let turns = 0;
    const count = (): void => {
      turns++;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await engine.execute(plan, "gradient");
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(3);
    engine.dispose();
  });

  test("a phase whose engine is disposed ends with that", async () => {
    const engine = await createNativeEngine();
    const running = engine.execute(planFor(model, {}), "forward");
    engine.dispose();
    await expect(running).rejects.toThrow(/disposed/);
  });
});
