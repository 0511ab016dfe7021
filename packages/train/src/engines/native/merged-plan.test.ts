import { createKey } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { addLora } from "../../lora/add-lora.ts";
import { architectures } from "../../model/_testing/architectures.ts";
import { perturbed, randomModel } from "../../model/_testing/random-model.ts";
import { hookPoints } from "../../model/hook-points.ts";
import { type CompiledPlan, compilePlan, type PlanOptions } from "../../plan/compile.ts";
import type { KernelCall, Plan } from "../../plan/types.ts";
import { createReferenceEngine } from "../reference.ts";
import { runPlan, worstBuffer } from "./_testing/run-plan.ts";
import { mergeShards } from "./merged-plan.ts";

const reference = createReferenceEngine();
const model = randomModel();

const planFor = (of: typeof model, options: Partial<PlanOptions>): CompiledPlan =>
  compilePlan({ config: of.config, adapters: of.adapters, batch: 6, length: 3, shards: 3, ...options });

/** The merged plan as a compiled one. */
function merged(plan: CompiledPlan): CompiledPlan {
  const result = mergeShards(plan);
  if (result === undefined) throw new Error("not merged");
  return { ...result.plan, parameters: plan.parameters, trainable: plan.trainable };
}

describe("the merged plan on the reference engine equals the plan, but for the order of sums", () => {
  test.each(architectures)("$name", async ({ options }) => {
    const other = randomModel(options);
    const capture = hookPoints(other.config);
    const plan = planFor(other, {
      capture,
      captureGradients: capture,
      interventions: capture.map((hook, i) => ({ hook, kind: i % 2 === 0 ? ("patch" as const) : ("add" as const) })),
      trainable: "all",
      optimizer: "sgd",
      metricsSlots: 2,
      replicas: 2,
      keepLogits: true,
    });
    const [one, many] = [merged(plan), plan];
    expect(one.shards).toBe(1);
    const phases = ["step"] as const;
    const expected = await runPlan(reference, { model: other, plan: many, phases });
    const { buffer, error } = worstBuffer(await runPlan(reference, { model: other, plan: one, phases }), expected);
    expect(error, buffer).toBeLessThan(1e-12);
  });

  test("single rows, adapters and accumulation", async () => {
    const tuned = perturbed(addLora(model, { target: "blocks.0.mlp.W_in", rank: 2, alpha: 3, key: createKey(1) }));
    const trainable = [
      { parameter: "embed.W_E", rows: [1, 3] },
      { parameter: "blocks.0.mlp.W_in.lora_A" },
      { parameter: "blocks.0.mlp.b_in" },
    ];
    const plan = planFor(tuned, { trainable, accumulate: true, optimizer: "sgd" });
    const phases = ["gradient", "accumulate", "update"] as const;
    const expected = await runPlan(reference, { model: tuned, plan, phases });
    const actual = await runPlan(reference, { model: tuned, plan: merged(plan), phases });
    expect(worstBuffer(actual, expected).error).toBeLessThan(1e-12);
  });
});

describe("buffers", () => {
  const plan = planFor(model, { trainable: "all" });
  const result = mergeShards(plan);

  test("what has a row per position is as long as the batch, sums are as long as they were", () => {
    expect(result?.plan.buffers.get("tokens")).toMatchObject({ length: 18, shape: [18] });
    const gradient = plan.buffers.get("shardGradient");
    expect(result?.plan.buffers.get("shardGradient")).toMatchObject({ length: gradient?.length });
    expect([...(result?.sums ?? [])]).toEqual(["shardGradient"]);
  });

  test("lie one after another, each at a multiple of 16", () => {
    for (const region of ["shard", "workspace"] as const) {
      let end = 0;
      for (const spec of result?.plan.buffers.values() ?? []) {
        if (spec.region !== region) continue;
        expect(spec.offset).toBeGreaterThanOrEqual(end);
        expect(spec.offset % 16).toBe(0);
        end = spec.offset + spec.length;
      }
      expect(result?.plan.regionLengths[region]).toBeGreaterThanOrEqual(end);
    }
  });
});

test("a plan of one shard is itself", () => {
  const plan = planFor(model, { shards: 1 });
  expect(mergeShards(plan)?.plan).toBe(plan);
});

describe("what cannot be merged runs shard after shard", () => {
  const plan = planFor(model, { trainable: "all", loss: true });
  const withCall = (call: KernelCall, shared = false): Plan => {
    const phase = plan.phases.forward ?? { perShard: [], shared: [] };
    const forward = shared
      ? { ...phase, shared: [...phase.shared, call] }
      : { ...phase, perShard: [...phase.perShard, call] };
    return { ...plan, phases: { ...plan.phases, forward } };
  };
  const at = (name: string, inner = 0) => {
    const spec = plan.buffers.get(name);
    if (spec === undefined) throw new Error(name);
    return { region: spec.region, offset: spec.offset + inner };
  };

  test.each([
    [
      "an optimizer's call for a shard",
      withCall({ kernel: "sum_of_squares", args: [at("weights"), at("rowLoss"), 4] }),
    ],
    ["an address inside a batched buffer", withCall({ kernel: "copy", args: [at("weights", 2), at("rowLoss"), 2] })],
    ["a sum that becomes an activation", withCall({ kernel: "copy", args: [at("shardGradient"), at("rowLoss"), 4] })],
    ["a write to what shards share", withCall({ kernel: "copy", args: [at("weights"), at("gradient"), 4] })],
    ["a shared call on shard 0", withCall({ kernel: "copy", args: [at("weights"), at("gradient"), 4] }, true)],
  ])("%s", (_, changed) => {
    expect(mergeShards(changed)).toBeUndefined();
  });
});
