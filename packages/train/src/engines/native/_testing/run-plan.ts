import { createKey, normal } from "@semifactor/ghmm";
import type { Transformer } from "../../../model/transformer.ts";
import type { CompiledPlan } from "../../../plan/compile.ts";
import { packParameters } from "../../../plan/parameter-layout.ts";
import type { PhaseName } from "../../../plan/types.ts";
import type { Engine } from "../../engine.ts";

/** What a plan is run with: phases in order, and numbers that are uploaded in the place of the usual ones. */
export interface PlanRun {
  readonly model: Transformer;
  readonly plan: CompiledPlan;
  readonly phases: readonly PhaseName[];
  readonly uploads?: Readonly<Record<string, ArrayLike<number>>>;
}

const optimizerScalars = [1e-2, 0.9, 0.99, 1e-8, 0.1, 0.1, 0.01, 1, 0.7];

/** Numbers for every buffer of a plan that a caller uploads, the same for every engine. */
function usualUploads({ model, plan }: Omit<PlanRun, "phases">): Map<string, ArrayLike<number>> {
  const flat = packParameters(plan.parameters, model.weights, "test");
  const copies = plan.replicas * plan.shards;
  const uploads = new Map<string, ArrayLike<number>>([
    // Replicas differ: replica r has the parameters times 1 + r / 4.
    ["parameters", Array.from({ length: plan.replicas }, (_, r) => [...flat].map((x) => x * (1 + r / 4))).flat()],
  ]);
  for (const [index, { name, region, length, type }] of [...plan.buffers.values()].entries()) {
    const all = length * (region === "shared" ? plan.replicas : copies);
    if (name === "tokens")
      uploads.set(
        name,
        Array.from({ length: all }, (_, i) => (i * i + 1) % model.config.vocabularySize),
      );
    else if (name === "targets")
      uploads.set(
        name,
        Array.from({ length: all }, (_, i) => (i === 4 ? -1 : (3 * i) % model.config.outputSize)),
      );
    else if (name === "weights")
      uploads.set(
        name,
        Array.from({ length: all }, (_, i) => (i % 5) / all),
      );
    else if (name === "scalars")
      uploads.set(
        name,
        Array.from({ length: all }, (_, i) => optimizerScalars[i % length] ?? 0),
      );
    else if (name.endsWith(".strength"))
      uploads.set(
        name,
        Array.from({ length: all }, (_, i) => [0, 1, 0.5][i % 3] ?? 0),
      );
    else if (/^(intervention|inject|logitGradient)/.test(name) && type === "f32")
      uploads.set(
        name,
        normal(createKey(index), all).map((x) => x / 2),
      );
  }
  return uploads;
}

/** Uploads everything that a plan reads. */
export function uploadAll(engine: Engine, run: Omit<PlanRun, "phases">): void {
  const { plan, uploads = {} } = run;
  for (const [name, data] of usualUploads(run)) engine.upload(plan, name, uploads[name] ?? data);
  for (const [name, data] of Object.entries(uploads)) engine.upload(plan, name, data);
}

/** Runs phases of a plan and returns the contents of every buffer that can be downloaded, but the gradients of single shards. */
export async function runPlan(engine: Engine, run: PlanRun): Promise<ReadonlyMap<string, readonly number[]>> {
  const { plan, phases } = run;
  uploadAll(engine, run);
  for (const phase of phases) await engine.execute(plan, phase);
  const contents = new Map<string, readonly number[]>();
  for (const { name, region } of plan.buffers.values()) {
    if (region === "workspace" || name === "shardGradient") continue;
    contents.set(name, Array.from(await engine.download(plan, name)));
  }
  engine.release(plan);
  return contents;
}

/** The worst difference of two runs over all buffers, relative to 1 + the largest entry of the buffer, and the buffer that has it. */
export function worstBuffer(
  actual: ReadonlyMap<string, readonly number[]>,
  expected: ReadonlyMap<string, readonly number[]>,
): { readonly buffer: string; readonly error: number } {
  let worst = { buffer: "none", error: 0 };
  for (const [buffer, values] of expected) {
    const got = actual.get(buffer) ?? [];
    const size = values.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    for (const [i, value] of values.entries()) {
      const difference = Math.abs(value - (got[i] ?? Number.NaN)) / size;
      const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      if (error > worst.error) worst = { buffer: `${buffer}[${i}]`, error };
    }
  }
  return worst;
}
