import { randomUUID } from "node:crypto";
import { open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { CorruptFileError, UnsupportedError } from "@semifactor/ghmm";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type LoadedCheckpoint } from "../io/checkpoint.ts";

/** Flushes a directory, so that a rename in it survives a power cut; not every file system allows it. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, "r");
    await directory.sync().finally(() => directory.close());
  } catch {
    // Windows and some network file systems cannot open or flush a directory; the rename itself stays atomic.
  }
}

/**
 * Saves a checkpoint so that `path` always holds a whole one: the bytes go to `<path>.<random>.tmp`, are flushed to disk, and the file is renamed. Of several saves
 * at once to one path, also from several threads or processes, the last to be renamed stays.
 *
 * @throws the error of the file system where the directory is missing or not writable; nothing is left behind
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
  const bytes = encodeCheckpoint(checkpoint);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/**
 * Loads a checkpoint that {@link saveCheckpoint} wrote.
 *
 * @throws CorruptFileError if the file is truncated or damaged; UnsupportedError if it has another format version; both name the file
 * @throws the error of the file system where there is no such file
 * @example
 * ```ts
 * import { loadCheckpoint } from "@semifactor/train/node";
 *
 * await expect(loadCheckpoint("no-such-file.safetensors")).rejects.toThrow(/ENOENT/);
 * ```
 */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  const bytes = await readFile(path);
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    if (!(error instanceof CorruptFileError || error instanceof UnsupportedError)) throw error;
    const details = { source: "loadCheckpoint", problem: `${path}: ${error.problem}`, remedy: error.remedy };
    throw error instanceof CorruptFileError
      ? new CorruptFileError(details, { cause: error })
      : new UnsupportedError(details, { cause: error });
  }
}
