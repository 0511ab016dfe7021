import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { CorruptFileError, SemifactorError } from "@semifactor/ghmm";
import * as v from "valibot";

/**
 * Makes a folder and its missing parents, one at a time.
 *
 * Node's own `recursive` never returns where the file system answers "no such file" for a parent that exists, as /proc does.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** A file could not be written: a full disk, or a folder that is gone or may not be written to. */
export class WriteError extends SemifactorError {
  override readonly name = "WriteError";
}

/** The system's error, which does not always name the file, as one that does. */
export function writeFailure(path: string, cause: unknown): WriteError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = "Free some space or choose another --out and run again; what was written before is kept";
  return new WriteError(
    { source: "npm start", problem: `${path} could not be written (${reason})`, remedy },
    { cause },
  );
}

/**
 * Writes a file so that a reader never sees half of it: temporary file in the same folder, fsync, rename.
 *
 * A full disk or a killed process leaves the old file (or none) in place; the temporary file is removed on error.
 *
 * @throws WriteError naming the file and the reason.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, "w");
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw writeFailure(path, error);
  }
}

/** Serializes with sorted keys, so that equal values give equal bytes whatever the order they were built in. */
export function stableJson(value: unknown, indent = 2): string {
  const sort = (_key: string, item: unknown): unknown => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  };
  return `${JSON.stringify(value, sort, indent)}\n`;
}

/** Writes `value` as stable JSON, atomically. */
export function writeJson(path: string, value: unknown): void {
  writeFileAtomic(path, stableJson(value));
}

/**
 * Reads a JSON file and checks it against a schema; `undefined` when there is no such file.
 *
 * @throws CorruptFileError naming the file and the first thing wrong with it.
 */
export function readJson<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CorruptFileError({
      source: "readJson",
      problem: `${path} is not valid JSON (${text.length} characters)`,
      remedy: "Delete it and run again",
    });
  }
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const where = v.getDotPath(issue) ?? "(root)";
  throw new CorruptFileError({
    source: "readJson",
    problem: `${path} has ${where} = ${JSON.stringify(issue.input)} (${issue.message})`,
    remedy: "Delete it and run again",
  });
}
