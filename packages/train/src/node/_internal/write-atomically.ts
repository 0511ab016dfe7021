import { randomUUID } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { checkGiven } from "../../io/_internal/check-given.ts";
import { storageError } from "../storage-error.ts";

/** Where the bytes go before the file has its name: created, filled, flushed and closed. */
export type WriteTemporary = (path: string, bytes: Uint8Array) => Promise<void>;

async function writeTemporary(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

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
 * Replaces a file as a whole: the bytes go to `<path>.<random>.tmp`, are flushed to disk, and the file is renamed. On an error, a full disk included, the old file
 * stays as it was and the temporary one is removed.
 *
 * @throws StorageError with the path and the system's code
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  source: string,
  write: WriteTemporary = writeTemporary,
): Promise<void> {
  checkGiven(source, { path }, "string");
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await write(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw storageError(source, path, "written", error);
  }
  await syncDirectory(dirname(path));
}
