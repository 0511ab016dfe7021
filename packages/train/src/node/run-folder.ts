import { mkdir, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { CorruptFileError, InvalidArgumentError } from "@semifactor/ghmm";
import { checkGiven } from "../io/_internal/check-given.ts";
import type { Checkpoint, LoadedCheckpoint } from "../io/checkpoint.ts";
import { readBytes } from "./_internal/read-file.ts";
import { writeAtomically } from "./_internal/write-atomically.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint-file.ts";
import { lockFolder } from "./run-folder-lock.ts";
import { stableJson } from "./stable-json.ts";
import { StorageError, storageError } from "./storage-error.ts";

/** The folder of one run, which this process has for itself until it closes it. */
export interface RunFolder {
  readonly path: string;
  /** `metrics.jsonl`, for `jsonlMetrics` and `readMetrics`. */
  readonly metricsPath: string;
  /** `checkpoint.safetensors`. */
  readonly checkpointPath: string;
  /** The last checkpoint; undefined where there is none yet. */
  loadCheckpoint(): Promise<LoadedCheckpoint | undefined>;
  /**
   * Replaces the checkpoint.
   *
   * @throws RunFolderBusyError if the folder is no longer this process's; StorageError if it cannot be written, e.g. because the disk is full
   */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Gives the folder back. */
  close(): void;
}

const remedy = "Give the configuration that the run began with, or choose another folder";

/** The first entry, with its path, in which two JSON values differ; undefined where they do not. */
function difference(before: unknown, now: unknown, path = ""): string | undefined {
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null;
  if (isObject(before) && isObject(now) && Array.isArray(before) === Array.isArray(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const found = difference(before[key], now[key], path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (before === now) return undefined;
  const shown = (value: unknown): string => (JSON.stringify(value) ?? "absent").slice(0, 80);
  return `${path === "" ? "it" : path} was ${shown(before)} and is ${shown(now)}`;
}

/** A configuration as text. */
function configText(config: unknown, source: string): string {
  let problem = "config is nothing that JSON can hold";
  try {
    // Finds circles at once, which sorting would follow.
    if (JSON.stringify(config) !== undefined) return stableJson(config);
  } catch (error) {
    problem = `config is no JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  throw new InvalidArgumentError({ source, problem, remedy: "Give numbers, texts, lists and objects of them" });
}

/** Writes the configuration of a new run; that of a run that began before must be the same. */
async function checkConfig(path: string, config: string, source: string): Promise<void> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readBytes(path, source);
  } catch (error) {
    if (!(error instanceof StorageError && error.code === "ENOENT")) throw error;
  }
  if (bytes === undefined) {
    await writeAtomically(path, new TextEncoder().encode(config), source);
    return;
  }
  let before: unknown;
  try {
    before = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const problem = `${path} is not JSON (${bytes.length} bytes)`;
    throw new CorruptFileError({ source, problem, remedy: "Restore it from a copy, or delete the folder" }, { cause });
  }
  const found = difference(before, JSON.parse(config));
  if (found === undefined) return;
  throw new InvalidArgumentError({ source, problem: `${path} is of another run: ${found}`, remedy });
}

/**
 * Opens the folder of a run, which is made if there is none: `config.json`, `metrics.jsonl`, `checkpoint.safetensors`, and `lock` while a process has it.
 *
 * One process has a folder at a time. A process that is killed leaves its lock, which the next one on the same machine takes over; on another machine, where
 * nobody can know whether it still runs, the lock must be deleted by hand. Files that a killed process had not finished are removed.
 *
 * @param options - `config` is any JSON value that says what the run is: it is written when the run begins and must be the same when it goes on
 * @throws RunFolderBusyError if another process, or this one, has the folder; the process is in the message
 * @throws InvalidArgumentError if the folder belongs to a run of another configuration: what differs is in the message; or if `config` is no JSON
 * @throws CorruptFileError if `config.json` is damaged; StorageError if the folder cannot be read or written
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRunFolder, RunFolderBusyError } from "@semifactor/train/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "semifactor-")), "run");
 * const folder = await openRunFolder(path, { config: { seed: 1 } });
 * await expect(openRunFolder(path)).rejects.toThrow(RunFolderBusyError);
 * folder.close();
 * await expect(openRunFolder(path, { config: { seed: 2 } })).rejects.toThrow("seed was 1 and is 2");
 * ```
 */
export async function openRunFolder(path: string, options: { readonly config?: unknown } = {}): Promise<RunFolder> {
  const source = "openRunFolder";
  checkGiven(source, { path }, "string");
  const config = options.config === undefined ? undefined : configText(options.config, source);
  const checkpointPath = join(path, "checkpoint.safetensors");
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw storageError(source, path, "written", error);
  }
  const lock = await lockFolder(path, join(path, "lock"), source);
  try {
    if (config !== undefined) await checkConfig(join(path, "config.json"), config, source);
    // No other process writes here now, so these are the remains of one that was killed.
    for (const file of await readdir(path)) {
      if (/^(config\.json|checkpoint\.safetensors)\..*\.tmp$/.test(file)) await unlink(join(path, file));
    }
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path,
    checkpointPath,
    metricsPath: join(path, "metrics.jsonl"),
    async loadCheckpoint() {
      try {
        return await loadCheckpoint(checkpointPath);
      } catch (error) {
        if (error instanceof StorageError && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async saveCheckpoint(checkpoint) {
      lock.check();
      await saveCheckpoint(checkpointPath, checkpoint);
    },
    close: () => lock.release(),
  };
}
