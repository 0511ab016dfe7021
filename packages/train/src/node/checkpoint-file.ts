import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type LoadedCheckpoint } from "../io/checkpoint.ts";
import { naming, readBytes } from "./_internal/read-file.ts";
import { writeAtomically } from "./_internal/write-atomically.ts";

/**
 * Saves a checkpoint so that `path` always holds a whole one: the bytes go to `<path>.<random>.tmp`, are flushed to disk, and the file is renamed. Of several saves
 * at once to one path, also from several threads or processes, the last to be renamed stays.
 *
 * @throws StorageError with the path and the system's code where the directory is missing or not writable or the disk is full: the checkpoint that was there is
 * untouched, and nothing is left behind
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createTransformer } from "@semifactor/train";
 * import { loadCheckpoint, saveCheckpoint } from "@semifactor/train/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "semifactor-")), "model.safetensors");
 * const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * await saveCheckpoint(path, { model });
 * expect((await loadCheckpoint(path)).model).toEqual(model);
 * ```
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeAtomically(path, encodeCheckpoint(checkpoint), "saveCheckpoint");
}

/**
 * Loads a checkpoint that {@link saveCheckpoint} wrote.
 *
 * @throws CorruptFileError if the file is truncated or damaged; UnsupportedError if it has another format version; both name the file
 * @throws StorageError with the path and the system's code where the file cannot be read
 * @example
 * ```ts
 * import { loadCheckpoint } from "@semifactor/train/node";
 *
 * await expect(loadCheckpoint("no-such-file.safetensors")).rejects.toThrow(/ENOENT/);
 * ```
 */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  const bytes = await readBytes(path, "loadCheckpoint");
  return naming(path, "loadCheckpoint", () => decodeCheckpoint(bytes));
}
