import { join } from "node:path";
import { CorruptFileError, SemifactorError } from "@semifactor/ghmm";
import { createEngine } from "@semifactor/train";
import * as v from "valibot";
import { readJson, writeFileAtomic, writeJson } from "../run/atomic-file.ts";
import { createProgressView, formatDuration, type ProgressState } from "../run/progress.ts";
import { runJobs } from "../run/worker-pool.ts";
import type { CellJob } from "./cell-job.ts";
import { type CellConfig, cellConfig, requireConfig, runName, studyVersion } from "./config.ts";
import { prepareOutputFolder, type StudyOptions } from "./options.ts";
import { studyReport } from "./report.ts";
import { figureFiles, studyFigures } from "./report-figures.ts";
import { assertStudy, type CellResult, cellResultSchema } from "./results.ts";
import { studySummary, studyTable } from "./table.ts";

/** Where the study writes to, and what can stop it. */
export interface StudyStreams {
  readonly out: NodeJS.WriteStream;
  readonly progress: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** The output folder holds files of another version of the study. */
export class StudyVersionError extends SemifactorError {
  override readonly name = "StudyVersionError";
}

/**
 * Runs the study: every cell and seed that is not finished yet, in parallel, then the table (also `summary.txt`), `results.json`, the report and its figures.
 *
 * `results.json` is a pure function of the options and the engine variant: no time, path or order of events enters it.
 * @returns the exit code: 0, 1 when a cell failed or the assertion fails, 130 when interrupted.
 */
export async function runStudy(options: StudyOptions, { out, progress, signal }: StudyStreams): Promise<number> {
  const started = performance.now();
  prepareOutputFolder(options.out);
  await claimFolder(options.out);
  const engine = await createEngine({ device: "wasm", threads: 1 });
  const variant = engine.variant;
  await engine.dispose();

  const grid = Array.from({ length: options.seeds }, (_, seed) =>
    options.cells.map((cell) => cellConfig({ cell, seed, engine: variant, smoke: options.smoke })),
  ).flat();
  const folderOf = (config: CellConfig): string => join(options.out, runName(config));
  const title = (config: CellConfig): string => `${config.cell} #${config.seed}`;

  const results = new Map<string, CellResult>();
  const jobs = new Map<string, CellJob>();
  for (const config of grid) {
    const path = join(folderOf(config), "result.json");
    const finished = readJson(path, cellResultSchema);
    if (finished !== undefined) requireConfig(path, finished.config, config);
    if (finished === undefined) jobs.set(title(config), { config, folder: folderOf(config) });
    else results.set(title(config), finished);
  }
  if (options.smoke) out.write("smoke: figures mean nothing\n");
  out.write(
    `Emergent misalignment study: ${grid.length} cell run(s), ${results.size} finished before, ${jobs.size} to run, ` +
      `${Math.min(options.workers, Math.max(1, jobs.size))} at a time, engine ${variant}\n`,
  );

  const view = createProgressView(progress, [...jobs.keys()]);
  const stopping = (): void =>
    view.note("Stopping: every cell saves its state at the next step (press Ctrl-C again to stop at once).");
  signal.addEventListener("abort", stopping, { once: true });
  const pool = await runJobs<CellJob, ProgressState, CellResult>({
    module: new URL("./cell-worker.js", import.meta.url),
    jobs,
    workers: options.workers,
    signal,
    onProgress: (job, state) => view.update(job, state),
    onEnd: (job, outcome) => {
      if (outcome.kind === "done") view.end(job, `excess ${outcome.result.pretrain.excessLoss.toFixed(4)} nats`);
    },
  });
  signal.removeEventListener("abort", stopping);
  view.close();
  for (const failure of pool.failures) progress.write(`${failure.job} failed. ${failure.name}: ${failure.message}\n`);
  if (pool.failures.length > 0) return 1;
  if (pool.interrupted) {
    progress.write("Interrupted; run the same command again to go on from here.\n");
    return 130;
  }
  for (const [job, result] of pool.results) results.set(job, result);
  const ordered = grid.flatMap((config) => results.get(title(config)) ?? []);

  await writeJson(join(options.out, "results.json"), { version: studyVersion, engine: variant, cells: ordered });
  const figures = studyFigures(ordered);
  for (const [name, svg] of figureFiles(figures)) await writeFileAtomic(join(options.out, "figures", name), svg);
  const reportPath = join(options.out, "report.html");
  await writeFileAtomic(reportPath, studyReport(ordered, figures));
  const summary = `${studyTable(ordered)}\n${studySummary(ordered).join("\n")}\n`;
  await writeFileAtomic(join(options.out, "summary.txt"), summary);
  out.write(`\n${summary}`);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  out.write(`\n${formatDuration(seconds)}, peak memory ${megabytes.toFixed(0)} MB\nReport: ${reportPath}\n`);
  const assertion = assertStudy(ordered);
  return assertion.asserted && !assertion.holds ? 1 : 0;
}

/** Marks the output folder as ours and of this version, or refuses it. */
async function claimFolder(out: string): Promise<void> {
  const path = join(out, "study.json");
  const found = readJson(path, v.object({ study: v.string(), version: v.number() }));
  if (found === undefined) {
    await writeJson(path, { study: "emergent-misalignment", version: studyVersion });
    return;
  }
  if (found.study !== "emergent-misalignment") {
    throw new CorruptFileError({
      source: "runStudy",
      problem: `${path} belongs to the study "${found.study}"`,
      remedy: "Choose another --out",
    });
  }
  if (found.version !== studyVersion) {
    throw new StudyVersionError({
      source: "runStudy",
      problem: `${out} was written by version ${found.version} of the study and this is version ${studyVersion}`,
      remedy: "Choose another --out, or delete the folder",
    });
  }
}
