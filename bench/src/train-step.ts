import { renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { integer } from "./integer.ts";
import { jaxJs } from "./train-step/jax-js.ts";
import { type Measurement, measure } from "./train-step/measure.ts";
import { type Contender, createProblem, describeSize, type SizeName, sizes } from "./train-step/problem.ts";
import { python } from "./train-step/python.ts";
import { semifactor } from "./train-step/semifactor.ts";
import { tfjsWasm } from "./train-step/tfjs.ts";

interface Options {
  readonly steps: number;
  readonly repeats: number;
  readonly json?: string;
  readonly python: string;
  readonly size: SizeName;
}

/** Steps over which the losses must agree. */
const comparedSteps = 10;
const lossTolerance = 5e-5;

function sizeName(text: string): SizeName {
  if (text === "small" || text === "large") return text;
  throw new InvalidArgumentError(`Use ${Object.keys(sizes).join(" or ")}.`);
}

/** The contenders whose losses differ from the first one's, with the worst difference. */
function disagreements(measurements: readonly Measurement[]): string[] {
  const reference = measurements[0]?.losses ?? [];
  return measurements.flatMap(({ contender, threads, losses }) => {
    const worst = Math.max(...reference.map((loss, i) => Math.abs(loss - (losses[i] ?? Number.NaN))));
    return worst <= lossTolerance ? [] : [`${contender} (${threads} threads): worst difference ${worst}`];
  });
}

/** How many times as long one contender takes as another. */
interface Comparison {
  readonly text: string;
  readonly min: number;
  readonly median: number;
}

/** The ratios that the project has targets for. */
function compare(all: readonly Measurement[], lora: readonly Measurement[]): Comparison[] {
  const find = (name: RegExp, threads: number, list = all): Measurement | undefined =>
    list.find((one) => name.test(one.contender) && one.threads === threads);
  const comparisons: Comparison[] = [];
  const add = (text: string, slow: Measurement | undefined, fast: Measurement | undefined): void => {
    if (slow === undefined || fast === undefined) return;
    comparisons.push({ text, min: slow.min / fast.min, median: slow.median / fast.median });
  };
  const [wasm, wasm2] = [find(/wasm-relaxed/, 1), find(/wasm-relaxed/, 2)];
  const [native, native2] = [find(/native/, 1), find(/native/, 2)];
  const [torch1, torch2] = [find(/PyTorch/, 1), find(/PyTorch/, 2)];
  add("tfjs wasm / our wasm, one thread", find(/tfjs/, 1), wasm);
  add("jax-js wasm / our wasm, one thread", find(/jax-js/, 1), wasm);
  add("our wasm / PyTorch, one thread", wasm, torch1);
  add("our wasm / PyTorch, two threads", wasm2, torch2);
  add("PyTorch / our native, one thread", torch1, native);
  add("PyTorch / our native, two threads", torch2, native2);
  add("JAX / our native", find(/^JAX/, 1), native);
  add("our wasm, one thread / two threads", wasm, wasm2);
  add("our native, one thread / two threads", native, native2);
  add("our wasm, all parameters / a rank-1 adapter on one layer", wasm, find(/wasm.*LoRA/, 1, lora));
  add("our native, all parameters / a rank-1 adapter on one layer", native, find(/native.*LoRA/, 1, lora));
  return comparisons;
}

function render(measurements: readonly Measurement[], ours: Measurement): string {
  const table = new Table({
    head: ["contender", "threads", "min ms", "median ms", "min / ours", "median / ours", "loss 1", "loss 5", "loss 10"],
    colAligns: ["left", ...Array.from({ length: 8 }, () => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const { contender, threads, min, median, losses } of measurements) {
    const loss = (step: number): string => (losses[step - 1] ?? Number.NaN).toFixed(4);
    table.push([
      contender,
      threads,
      min.toFixed(1),
      median.toFixed(1),
      (min / ours.min).toFixed(2),
      (median / ours.median).toFixed(2),
      loss(1),
      loss(5),
      loss(10),
    ]);
  }
  return table.toString();
}

/**
 * `pnpm bench train-step`: milliseconds per training step against TensorFlow.js, jax-js and, where Python has it, PyTorch.
 *
 * @throws Error if the contenders' losses differ in the fourth decimal over the first ten steps
 */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench train-step")
    .description("milliseconds per training step, against other frameworks in the same run")
    .option("--steps <n>", "steps per timed run", integer, 10)
    .option("--repeats <n>", "timed runs of each contender, in turn", integer, 5)
    .option("--size <name>", "small or large", sizeName, "small")
    .option("--python <path>", "Python interpreter that may have torch", "python3")
    .option("--json <file>", "also write the measurements to a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();

  const problem = createProblem(options.size);
  const contenders: Contender[] = [
    await semifactor(problem, { device: "wasm" }),
    await semifactor(problem, { device: "wasm", relaxedSimd: false }),
    await semifactor(problem, { device: "wasm", threads: 2 }),
    await semifactor(problem, { device: "native" }),
    await semifactor(problem, { device: "native", threads: 2 }),
    await jaxJs(problem),
    await tfjsWasm(problem),
  ];
  const missing: string[] = [];
  for (const threads of [1, 2]) {
    const pytorch = await python(problem, options.python, Math.max(options.steps, comparedSteps), { threads });
    if ("missing" in pytorch) missing.push(pytorch.missing);
    else contenders.push(pytorch);
  }
  const jax = await python(problem, options.python, Math.max(options.steps, comparedSteps), {
    script: "train_step_jax.py",
  });
  if ("missing" in jax) missing.push(jax.missing);
  else contenders.push(jax);
  const adapters = [
    await semifactor(problem, { device: "wasm", rank: 1 }),
    await semifactor(problem, { device: "native", rank: 1 }),
  ];

  const measurements = await measure(contenders, { ...options, compared: comparedSteps });
  const lora = await measure(adapters, { ...options, compared: comparedSteps });
  for (const contender of [...contenders, ...adapters]) contender.dispose();
  const [ours] = measurements;
  if (ours === undefined) throw new Error("no contender was measured");

  console.log("One training step (forward, backward, AdamW), float32, exact (erf) GELU in every contender;");
  console.log(`${describeSize(options.size)}.`);
  console.log(
    `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}; ${options.repeats} runs of ${options.steps} steps each, in turn; "ours" is the first row.`,
  );
  console.log(render([...measurements, ...lora], ours));
  for (const reason of new Set(missing)) console.log(`Not measured (${options.python}): ${reason}`);
  const comparisons = compare(measurements, lora);
  for (const { text, min, median: middle } of comparisons) {
    console.log(`${text}: ${min.toFixed(2)} (min), ${middle.toFixed(2)} (median)`);
  }

  const mismatches = disagreements(measurements);
  if (options.json !== undefined) {
    const report = {
      bench: "train-step",
      size: options.size,
      sizes: sizes[options.size],
      date: new Date().toISOString(),
      node: process.versions.node,
      cpu: cpus()[0]?.model,
      unit: "milliseconds per step",
      steps: options.steps,
      repeats: options.repeats,
      measurements: [...measurements, ...lora],
      comparisons,
      lossesAgree: mismatches.length === 0,
    };
    writeFileSync(`${options.json}.tmp`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${options.json}.tmp`, options.json);
  }
  if (mismatches.length > 0) {
    throw new Error(
      `losses differ by more than ${lossTolerance} within ${comparedSteps} steps: ${mismatches.join("; ")}`,
    );
  }
  console.log(`Losses agree to 4 decimals over ${comparedSteps} steps.`);
}
