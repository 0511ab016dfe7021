import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { theorems as ofOneProcess, type Theorem } from "@semifactor/ghmm/theorems";
import { theorems as ofFactors } from "@semifactor/sfp/theorems";
import { allHold, type Outcome, runTheorem, type What } from "./check.ts";
import { type Options, readOptions, USAGE, UsageError } from "./options.ts";
import { type Measured, theoremPages, withoutMeasurements } from "./pages.ts";
import { readProcessFile } from "./process-file.ts";
import { progressOn, type Screen } from "./progress.ts";
import { headLine, jsonReport, outcomeLine, untestedLines } from "./report.ts";

export { UsageError } from "./options.ts";

/** Where the command runs and writes. */
export interface Surroundings {
  readonly root: string;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: Screen;
}

const order = ({ id }: Theorem<unknown>): number => Number(id.slice(1));

/** Every theorem of the packages, by number. */
export const allTheorems: readonly Theorem<unknown>[] = [...ofOneProcess, ...ofFactors].sort(
  (a, b) => order(a) - order(b),
);

function chosen({ only }: Options): readonly Theorem<unknown>[] {
  const known = allTheorems.map(({ id }) => id);
  const unknown = only?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new UsageError(`theorems: --only has ${JSON.stringify(unknown)}. Give ids among ${known.join(", ")}.`);
  }
  return allTheorems.filter(({ id }) => only?.includes(id) ?? true);
}

/** Writes a file completely or not at all. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Refuses a place that cannot be written before anything is computed. */
function checkPlace(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new UsageError(`theorems: --out ${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new UsageError(`theorems: --out ${path} is a folder. Give the name of a file.`);
  }
}

/** Runs the theorems, with a line for each as soon as it is done. */
async function runAll(
  theorems: readonly Theorem<unknown>[],
  what: What,
  { stdout, stderr }: Surroundings,
): Promise<readonly Outcome[]> {
  const progress = progressOn(stderr, theorems.length, "runs" in what ? what.runs : 1);
  const outcomes: Outcome[] = [];
  stdout.write(`${headLine(theorems)}\n`);
  for (const theorem of theorems) {
    progress.start(theorem.id);
    const outcome = runTheorem(theorem, what, progress.at);
    progress.clear();
    stdout.write(`${outcomeLine(theorems, outcome)}\n`);
    outcomes.push(outcome);
    // lets what was written reach a pipe
    await new Promise((done) => setImmediate(done));
  }
  for (const line of untestedLines(theorems)) stdout.write(`${line}\n`);
  return outcomes;
}

const isPage = (name: string): boolean => /^T\d+\.md$/.test(name);

function writePages(root: string, measured: Measured): number {
  const folder = join(root, "docs", "theorems");
  const pages = theoremPages(allTheorems, measured);
  for (const [name, text] of pages) replace(join(folder, name), text);
  for (const name of readdirSync(folder)) if (isPage(name) && !pages.has(name)) rmSync(join(folder, name));
  return pages.size;
}

/** The pages in docs/theorems that are missing, too many, or differ from the theorems in more than what a run measures. */
export function outdatedPages(root: string): readonly string[] {
  const folder = join(root, "docs", "theorems");
  const pages = theoremPages(allTheorems);
  const wrong = [...pages].filter(([name, text]) => {
    const path = join(folder, name);
    return !existsSync(path) || withoutMeasurements(readFileSync(path, "utf8")) !== withoutMeasurements(text);
  });
  const present = existsSync(folder) ? readdirSync(folder).filter(isPage) : [];
  return [...wrong.map(([name]) => name), ...present.filter((name) => !pages.has(name))];
}

/** The command `theorems`; resolves to its exit code. */
export async function theoremsCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { root, stdout } = surroundings;
  const options = readOptions(args);
  if (options.mode === "help") {
    stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (options.mode === "check") {
    const wrong = outdatedPages(root);
    if (wrong.length === 0) stdout.write(`docs/theorems is current: ${allTheorems.length} theorems\n`);
    else stdout.write(`docs/theorems is not current: ${wrong.join(", ")}. Run: npm run theorems -- --write\n`);
    return wrong.length === 0 ? 0 : 1;
  }
  const theorems = chosen(options);
  const { runs, key, process: file } = options;
  const what = file === undefined ? { runs, key } : { subject: readProcessFile(file) };
  const out = resolve(options.out);
  checkPlace(out);
  const outcomes = await runAll(theorems, what, surroundings);
  replace(out, jsonReport(options, outcomes));
  stdout.write(`\nResiduals and counterexamples: ${options.out}\n`);
  const failed = outcomes.filter(({ verdict }) => verdict === "FAILS" || verdict === "ERROR");
  if (failed.length > 0) stdout.write(`Failed: ${failed.map(({ theorem }) => theorem.id).join(", ")}\n`);
  if (options.mode === "write") {
    stdout.write(`docs/theorems: ${writePages(root, { runs, key, outcomes })} pages\n`);
  }
  return allHold(outcomes) ? 0 : 1;
}
