import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { CorruptFileError, SemifactorError } from "@semifactor/ghmm";
import { StorageError, stableJson, writeFileAtomically } from "@semifactor/train/node";
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
 * Writes a file so that a reader never sees half of it, in a folder that is made where it is missing.
 *
 * A full disk or a killed process leaves the old file (or none) in place.
 *
 * @throws WriteError naming the file and the reason.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    makeFolder(dirname(path));
    await writeFileAtomically(path, data);
  } catch (error) {
    throw writeFailure(path, error instanceof StorageError ? error.cause : error);
  }
}

/** Writes `value` as stable JSON, atomically. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, stableJson(value));
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
