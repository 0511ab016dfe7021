import { writeFileSync } from "node:fs";
import Table from "cli-table3";
import { Command } from "commander";
import { cases } from "./discover/cases.ts";
import { discoverFigure } from "./discover/figure.ts";
import { LAW_LENGTH, measure } from "./discover/measure.ts";
import { type Estimate, type Summary, summarize } from "./discover/summary.ts";
import { integer } from "./integer.ts";
import { machine, writeReport } from "./report.ts";

interface Options {
  readonly keys: number;
  readonly firstKey: number;
  readonly length: number;
  readonly wordLength: number;
  readonly least: number;
  readonly most: number;
  readonly json?: string;
  readonly figure?: string;
}

const show = (estimate: Estimate | undefined): string =>
  estimate === undefined ? "-" : `${estimate.mean.toFixed(4)} +- ${estimate.standardError.toFixed(4)}`;

function print(rows: readonly Summary[]): void {
  const table = new Table({
    head: ["process", "sequences", "rank by key", "blocks found", "of", "error of weights", "error of laws"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
  });
  for (const { process, sequences, ranks, found, personas, weightError, lawError } of rows) {
    const counts = [ranks, found].map((values) => values.join(" "));
    table.push([process, String(sequences), ...counts, String(personas), show(weightError), show(lawError)]);
  }
  console.log(table.toString());
}

/**
 * `pnpm bench discover`: personas found from tokens alone, against the number of sequences.
 *
 * `fitSpectral` learns operators from sampled sequences, with the dimension that its noise level selects, and `findBlocks` cuts them:
 * into as many blocks as there are commutators before their widest gap within the noise, and into the true number, for the errors.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench discover")
    .description("personas found from tokens alone, against the number of sequences")
    .option("--keys <n>", "sets of sequences", integer, 4)
    .option("--first-key <n>", "seed of the first set; the rule that counts blocks was chosen on 0 to 3", integer, 4)
    .option("--length <n>", "tokens of a sequence", integer, 12)
    .option("--word-length <n>", "words of the spectral fit", integer, 2)
    .option("--least <n>", "fewest sequences", integer, 1000)
    .option("--most <n>", "most sequences", integer, 1_000_000)
    .option("--json <file>", "also write the results to a file")
    .option("--figure <file>", "also draw them")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const { json, figure, least, most, ...options } = command.parse([...argv], { from: "user" }).opts<Options>();
  const sizes = [1e3, 1e4, 1e5, 1e6].filter((n) => n >= least && n <= most);
  if (sizes.length === 0) throw new Error("no power of ten from 1000 to 1000000 is between --least and --most");
  const rows = cases().flatMap((one) => measure(one, { ...options, sizes }));
  const summaries = rows.map(summarize);
  console.log(
    `Personas from tokens alone: ${options.keys} sets of sequences of ${options.length} tokens, seeds from ${options.firstKey}; ${machine()}`,
  );
  console.log(
    `Words of ${options.wordLength} tokens before and after; mean over keys +- standard error. Error of weights: the largest.`,
  );
  console.log(
    `Error of laws: total variation over words of ${LAW_LENGTH} tokens, mean over personas. Both with the number of blocks given.`,
  );
  console.log("Blocks found: by findBlocks with noise = noise level times condition, nothing else given.");
  print(summaries);
  if (json !== undefined) writeReport(json, { bench: "discover", ...options, lawLength: LAW_LENGTH, rows, summaries });
  if (figure !== undefined) writeFileSync(figure, discoverFigure(summaries));
}
