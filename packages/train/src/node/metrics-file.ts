import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from "node:fs";
import { CorruptFileError, InvalidArgumentError, SemifactorError } from "@semifactor/ghmm";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { StepMetrics } from "../loop/metrics.ts";
import { checkEnds } from "./_internal/read-file.ts";
import { storageError } from "./storage-error.ts";

/** A line of a metrics file: what `onStep` was told, with the index of the replica unless it is 0. */
export interface MetricsLine extends StepMetrics {
  readonly replica?: number;
}

/** A line, and where it ends in its file, in bytes. */
interface PlacedLine {
  readonly line: MetricsLine;
  readonly end: number;
}

function parseLine(text: string): MetricsLine | undefined {
  try {
    const line: MetricsLine | null = JSON.parse(text);
    return Number.isInteger(line?.step) ? (line ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** The whole lines of a file: a killed process can leave a part of one at the end. */
function readLines(path: string, source: string): readonly PlacedLine[] {
  let content: Buffer;
  try {
    checkEnds(path, source, statSync(path));
    content = readFileSync(path);
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    throw storageError(source, path, "read", cause);
  }
  const lines: PlacedLine[] = [];
  for (let start = 0, end = 0; ; start = end) {
    end = content.indexOf("\n", start) + 1;
    if (end === 0) return lines;
    const text = content.toString("utf8", start, end - 1);
    const line = parseLine(text);
    if (line === undefined) {
      throw new CorruptFileError({
        source,
        problem: `${path}: line ${lines.length + 1} is ${JSON.stringify(text.slice(0, 60))}, not the metrics of a step`,
        remedy: "Delete the file, or restore it from a copy",
      });
    }
    lines.push({ line, end });
  }
}

/**
 * Reads a metrics file that {@link jsonlMetrics} wrote; a part of a line at its end, which a killed process can leave, is passed over.
 *
 * @throws CorruptFileError if a whole line is not the metrics of a step; StorageError if the file cannot be read
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { jsonlMetrics, readMetrics } from "@semifactor/train/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "semifactor-")), "metrics.jsonl");
 * const onStep = jsonlMetrics(path);
 * onStep({ step: 1, loss: 0.7, learningRate: 1e-3, gradientNorm: 2, tokensPerSecond: 1000 });
 * expect(readMetrics(path).map(({ loss }) => loss)).toEqual([0.7]);
 * ```
 */
export function readMetrics(path: string): readonly MetricsLine[] {
  checkGiven("readMetrics", { path }, "string");
  return readLines(path, "readMetrics").map(({ line }) => line);
}

/**
 * Writes metrics as JSON Lines: give the result as `onStep`. Every line is with the operating system when the call returns, so a killed process loses none.
 *
 * The file may be there already: before the first line is written, a part of a line at its end is cut off, and so are all lines from the step of that first
 * line on. A run that is resumed from a checkpoint therefore goes on with the file as if it had never stopped.
 *
 * @throws CorruptFileError, at the first step, if a whole line of the file is not the metrics of a step
 * @throws StorageError if the file cannot be read or written, e.g. because the disk is full
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { jsonlMetrics, readMetrics } from "@semifactor/train/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "semifactor-")), "metrics.jsonl");
 * const metrics = { loss: 0.7, learningRate: 1e-3, gradientNorm: 2, tokensPerSecond: 1000 };
 * const first = jsonlMetrics(path);
 * for (const step of [1, 2, 3]) first({ step, ...metrics });
 * const resumedAfterStepOne = jsonlMetrics(path);
 * resumedAfterStepOne({ step: 2, ...metrics });
 * expect(readMetrics(path).map(({ step }) => step)).toEqual([1, 2]);
 * ```
 */
export function jsonlMetrics(path: string): (metrics: StepMetrics, replica?: number) => void {
  const source = "jsonlMetrics";
  checkGiven(source, { path }, "string");
  let ready = false;
  return (metrics, replica = 0) => {
    try {
      if (!ready && existsSync(path)) {
        const lines = readLines(path, source);
        const dropped = lines.findIndex(({ line }) => line.step >= metrics.step);
        const last = dropped < 0 ? lines.at(-1) : lines[dropped - 1];
        truncateSync(path, last?.end ?? 0);
      }
      ready = true;
      appendFileSync(path, `${JSON.stringify(replica === 0 ? metrics : { ...metrics, replica })}\n`);
    } catch (cause) {
      throw cause instanceof SemifactorError ? cause : storageError(source, path, "written", cause);
    }
  };
}
