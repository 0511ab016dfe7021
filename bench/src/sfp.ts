import Table from "cli-table3";
import { Command } from "commander";
import { integer } from "./integer.ts";
import { machine, writeReport } from "./report.ts";
import { type BlockFilterReport, type ContextReport, measureBlockFilter, measureContexts } from "./sfp/filtering.ts";
import { type MeasureReport, measureMeasures } from "./sfp/measures.ts";

interface Options {
  readonly repetitions: number;
  readonly quick?: true;
  readonly json?: string;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

function printBlocks({ sectors, sectorDim, tokens, count, length, rows }: BlockFilterReport): void {
  console.log(`Filtering ${sectors} sectors of ${sectorDim} states, ${tokens} tokens; ${count} sequences of ${length}`);
  const text = rows.map(({ contender, best, median, ratioBest, ratioMedian }) => [
    contender,
    best.toFixed(2),
    median.toFixed(2),
    `${ratioBest.toFixed(2)} / ${ratioMedian.toFixed(2)}`,
  ]);
  console.log(table(["contender", "best, us/token", "median", "over filterBlocks, best / median"], text));
}

function printContexts({ contexts, tokens, best, median }: ContextReport): void {
  const rate = (value: number): string => `${(value / 1e6).toFixed(2)} M`;
  console.log(
    `contextPersonas, ${contexts} contexts, ${tokens} tokens: ${rate(best)} tokens/s best, ${rate(median)} median`,
  );
}

function printMeasures({ qutip, missing, rows }: MeasureReport): void {
  const versions = qutip === undefined ? "" : `QuTiP ${qutip.qutip}, NumPy ${qutip.numpy}, Python ${qutip.python}`;
  console.log(`Measures of density matrices, one call${versions === "" ? "" : `; ${versions}`}`);
  if (missing !== undefined) console.log(`not measured: QuTiP of /usr/bin/python3: ${missing}`);
  const milliseconds = (value: number | undefined): string =>
    value === undefined ? "" : (value * 1000).toPrecision(3);
  const text = rows.map(({ measure, size, best, median, theirs, ratio, difference }) => [
    measure,
    `${size} x ${size}`,
    `${milliseconds(best)} / ${milliseconds(median)}`,
    theirs === undefined ? "" : `${milliseconds(theirs.best)} / ${milliseconds(theirs.median)}`,
    ratio === undefined ? "" : `${ratio.best.toFixed(2)} / ${ratio.median.toFixed(2)}`,
    difference === undefined ? "" : difference.toExponential(1),
  ]);
  console.log(table(["measure", "matrix", "ours, ms, best / median", "QuTiP, ms", "QuTiP / ours", "difference"], text));
}

/** `pnpm bench sfp`: filtering by blocks and by contexts, and measures of density matrices beside QuTiP. */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench sfp")
    .description("speed of @semifactor/sfp; its measures beside QuTiP (Debian's python3-qutip) in the same run")
    .option("--repetitions <n>", "timed runs of each contender", integer, 11)
    .option("--quick", "fewer sequences and two repetitions: to see that it runs")
    .option("--json <file>", "also write the measurements to a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();
  const quick = options.quick ?? false;
  const repetitions = quick ? 2 : options.repetitions;

  console.log(machine());
  const blocks = await measureBlockFilter(quick, repetitions);
  printBlocks(blocks);
  const contexts = await measureContexts(quick, repetitions);
  printContexts(contexts);
  const measures = await measureMeasures(repetitions);
  printMeasures(measures);
  if (options.json !== undefined) {
    writeReport(options.json, { bench: "sfp", repetitions, quick, blocks, contexts, measures });
  }
}
