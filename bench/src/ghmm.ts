import { readFileSync, writeFileSync } from "node:fs";
import Table from "cli-table3";
import { Command } from "commander";
import { measurePresentation, measureProduct, measureTree, type Task } from "./ghmm/alone.ts";
import { costFigure } from "./ghmm/figure.ts";
import { type FilterReport, measureFiltering } from "./ghmm/filtering.ts";
import { measureScaling, type Scaling } from "./ghmm/scaling.ts";
import { integer } from "./integer.ts";
import { machine, writeReport } from "./report.ts";
import { describeSampling, measureSampling } from "./sampling.ts";

interface Options {
  readonly count: number;
  readonly length: number;
  readonly repetitions: number;
  readonly quick?: true;
  readonly json?: string;
  readonly figure?: string;
  readonly from?: string;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

function printFiltering({ count, length, peers, missing, rows, ratios }: FilterReport): void {
  console.log(`Filtering, ${count} sequences of ${length} tokens, arrays kept between calls; M tokens/s`);
  for (const { python, numpy, jax } of peers) {
    console.log(`NumPy ${numpy}${jax === undefined ? "" : `, JAX ${jax}`} on Python ${python}`);
  }
  for (const line of missing) console.log(`not measured: ${line}`);
  const text = rows.map((row) => [row.process, row.contender, row.best.toFixed(1), row.median.toFixed(1)]);
  console.log(table(["process", "contender", "best", "median"], text));
  const times = ratios.map((ratio) => [ratio.process, ratio.against, ratio.best.toFixed(2), ratio.median.toFixed(2)]);
  console.log(table(["process", "ours over the fastest of", "best", "median"], times));
}

function printTasks(tasks: readonly Task[]): void {
  const rows = tasks.map(({ task, best, median, ...details }) => [
    task,
    (best * 1000).toFixed(2),
    (median * 1000).toFixed(2),
    Object.entries(details)
      .map(([name, value]) => `${name} ${typeof value === "number" ? Number(value.toPrecision(6)) : value}`)
      .join(", "),
  ]);
  console.log(table(["task", "best, ms", "median, ms", "details"], rows));
}

function printScaling(scaling: readonly Scaling[]): void {
  const rows = scaling.map(({ axis, fixed, points, exponent, standardError }) => [
    axis,
    fixed,
    points.map(({ x, y }) => `${x}: ${(y * 1000).toPrecision(3)}`).join("  "),
    `${exponent.toFixed(3)} +- ${standardError.toFixed(3)}`,
  ]);
  console.log(table(["size", "fixed", "best, ms", "exponent"], rows));
}

/** `pnpm bench ghmm`: filtering and sampling beside NumPy, products through their factors, presentations, trees, exponents. */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench ghmm")
    .description("speed and memory of @semifactor/ghmm, beside NumPy in the same run")
    .option("--count <n>", "sequences per batch", integer, 10_000)
    .option("--length <n>", "tokens per sequence", integer, 64)
    .option("--repetitions <n>", "timed runs of each contender", integer, 11)
    .option("--quick", "a tenth of the sequences and two repetitions: to see that it runs")
    .option("--json <file>", "also write the measurements to a file")
    .option("--figure <file>", "also draw cost against d, length and count as SVG")
    .option("--from <file>", "measure nothing: draw the figure from such a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();
  const { length, figure, from, json } = options;
  if (from !== undefined) {
    const { scaling } = JSON.parse(readFileSync(from, "utf8")) as { readonly scaling: readonly Scaling[] };
    writeFileSync(figure ?? "ghmm-cost.svg", costFigure(scaling));
    return;
  }
  const quick = options.quick ?? false;
  const count = quick ? Math.ceil(options.count / 10) : options.count;
  const repetitions = quick ? 2 : options.repetitions;

  console.log(machine());
  const tasks = [await measureTree(quick ? 1 : 5), await measurePresentation(repetitions * 3)];
  const filtering = await measureFiltering({ count, length }, repetitions);
  printFiltering(filtering);
  const sampling = await measureSampling({ count: quick ? 2048 : 16_384, length: 64, repetitions });
  console.log(describeSampling(sampling));
  tasks.push(...(await measureProduct(quick)));
  printTasks(tasks);
  const scaling = await measureScaling(quick);
  printScaling(scaling);
  if (json !== undefined) writeReport(json, { bench: "ghmm", repetitions, quick, filtering, sampling, tasks, scaling });
  if (figure !== undefined) writeFileSync(figure, costFigure(scaling));
}
