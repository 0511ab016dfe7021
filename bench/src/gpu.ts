import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { createNullGpuDevice, createWebgpuEngine, type WebgpuEngine } from "@semifactor/train";
import Table from "cli-table3";
import { Command } from "commander";
import { measureReplicas } from "./gpu/replicas.ts";
import { integer } from "./integer.ts";
import { type Measurement, measure } from "./train-step/measure.ts";
import { type Contender, createProblem, describeSize, sizes } from "./train-step/problem.ts";
import { python } from "./train-step/python.ts";
import { onEngine } from "./train-step/semifactor.ts";
import { tfjsWebgpu } from "./train-step/tfjs.ts";

interface Options {
  readonly steps: number;
  readonly repeats: number;
  readonly replicas: number;
  readonly json?: string;
  readonly python: string;
}

/** What one step asks of a device, counted by one that does nothing. */
async function countStep(): Promise<{ readonly dispatches: number; readonly submits: number }> {
  const device = createNullGpuDevice();
  const engine = await createWebgpuEngine({ device, gemm: "shared-tiles" });
  const contender = await onEngine(createProblem(), engine, { metricsEvery: 10 });
  await contender.run(2);
  const before = { ...device.counts };
  await contender.run(10);
  const middle = { ...device.counts };
  await contender.run(20);
  const after = { ...device.counts };
  contender.dispose();
  // The difference of two runs that differ in ten steps: what a run does once falls out.
  const per = (name: "dispatches" | "submits"): number =>
    (after[name] - middle[name] - (middle[name] - before[name])) / 10;
  return { dispatches: per("dispatches"), submits: per("submits") };
}

/** Milliseconds of the host per step: the engine on a device that does nothing, through the public `train`. */
async function hostCost(options: Options): Promise<Measurement> {
  const device = createNullGpuDevice();
  const engine = await createWebgpuEngine({ device, gemm: "shared-tiles" });
  const contender = await onEngine(createProblem(), engine);
  const [measurement] = await measure([contender], { ...options, compared: 10 });
  contender.dispose();
  if (measurement === undefined) throw new Error("nothing was measured");
  return measurement;
}

/** The device of this machine, or why there is none. */
async function findEngine(): Promise<WebgpuEngine | string> {
  try {
    return await createWebgpuEngine();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether an engine computes on the CPU. */
const isSoftware = (engine: WebgpuEngine): boolean => /swiftshader|llvmpipe|lavapipe/.test(engine.variant);

function render(measurements: readonly Measurement[], ours: Measurement): string {
  const table = new Table({
    head: ["contender", "min ms", "median ms", "min / ours", "median / ours", "last loss"],
    colAligns: ["left", ...Array.from({ length: 5 }, () => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const { contender, min, median, losses } of measurements) {
    const ratios = [min / ours.min, median / ours.median].map((ratio) => ratio.toFixed(2));
    table.push([contender, min.toFixed(2), median.toFixed(2), ...ratios, (losses.at(-1) ?? Number.NaN).toFixed(4)]);
  }
  return table.toString();
}

/** The contenders on a real GPU: PyTorch in eager mode and JAX under jit on the same card; on an adapter that computes on the CPU: tfjs-webgpu on the same adapter. */
async function contendersOn(
  engine: WebgpuEngine,
  options: Options,
): Promise<{ readonly contenders: readonly Contender[]; readonly missing: readonly string[] }> {
  const problem = createProblem();
  const ours = await onEngine(problem, engine);
  if (isSoftware(engine)) return { contenders: [ours, await tfjsWebgpu(problem, engine)], missing: [] };
  const contenders = [ours];
  const missing: string[] = [];
  for (const script of ["train_step_torch.py", "train_step_jax.py"] as const) {
    const peer = await python(problem, options.python, Math.max(options.steps, 10), { device: "cuda", script });
    if ("missing" in peer) missing.push(`${script}: ${peer.missing}`);
    else contenders.push(peer);
  }
  contenders.push(await tfjsWebgpu(problem, engine));
  return { contenders, missing };
}

/**
 * `pnpm bench gpu`: what a training step costs on WebGPU: dispatches and time of the host on a device that does nothing; then, on the adapter of this machine, the time of
 * a step beside its peers and the gain of training many replicas at once.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench gpu")
    .description("a training step on WebGPU: dispatches, cost of the host, and time on this machine's adapter")
    .option("--steps <n>", "steps per timed run", integer, 20)
    .option("--repeats <n>", "timed runs of each contender, in turn", integer, 5)
    .option("--replicas <n>", "models that are trained at once", integer, 64)
    .option("--python <path>", "Python interpreter that may have torch and jax", "python3")
    .option("--json <file>", "also write the measurements to a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();

  console.log(`One training step, ${describeSize("small")}; Node ${process.versions.node}.`);
  const counted = await countStep();
  const bound = 35 * sizes.small.nLayers + 30;
  console.log(`Per step: ${counted.dispatches} dispatches (35 L + 30 = ${bound}), ${counted.submits} submission(s).`);
  const host = await hostCost(options);
  console.log(
    `Host, on a device that does nothing: ${host.min.toFixed(3)} ms (min), ${host.median.toFixed(3)} ms (median) a step.`,
  );

  const engine = await findEngine();
  let report: Readonly<Record<string, unknown>> = { counted, host: { min: host.min, median: host.median } };
  if (typeof engine === "string") {
    console.log(`No adapter on this machine, so no time on a device: ${engine}`);
  } else {
    const software = isSoftware(engine);
    console.log(`Adapter: ${engine.variant}${software ? ", which computes on the CPU: no figure of a GPU" : ""}.`);
    const { contenders, missing } = await contendersOn(engine, options);
    // A step of TensorFlow.js takes the better part of a minute on an adapter that computes on the CPU.
    const few = { steps: 1, repeats: 2, compared: 1 };
    const measurements = await measure(contenders, software ? few : { ...options, compared: 10 });
    const [ours] = measurements;
    if (ours === undefined) throw new Error("nothing was measured");
    console.log(render(measurements, ours));
    for (const reason of missing) console.log(`Not measured: ${reason}`);
    const replicas = software ? undefined : await measureReplicas(engine, options);
    if (replicas !== undefined) console.log(replicas.text);
    else console.log("Replicas were not timed: they are for a GPU that one small model leaves empty.");
    for (const contender of contenders) contender.dispose();
    report = { ...report, variant: engine.variant, software, measurements, missing, replicas };
  }
  if (options.json === undefined) return;
  const all = {
    bench: "gpu",
    date: new Date().toISOString(),
    node: process.versions.node,
    sizes: sizes.small,
    ...report,
  };
  writeFileSync(`${options.json}.tmp`, `${JSON.stringify(all, null, 2)}\n`);
  renameSync(`${options.json}.tmp`, options.json);
}
