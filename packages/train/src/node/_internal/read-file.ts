import { readFile } from "node:fs/promises";
import { CorruptFileError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { checkGiven } from "../../io/_internal/check-given.ts";
import { storageError } from "../storage-error.ts";

/**
 * The bytes of a file.
 *
 * @throws StorageError with the path and the system's code
 */
export async function readBytes(path: string, source: string): Promise<Uint8Array> {
  checkGiven(source, { path }, "string");
  try {
    return await readFile(path);
  } catch (error) {
    throw storageError(source, path, "read", error);
  }
}

/** Runs something that reads the content of a file or directory; its errors then name the path and the public function. */
export async function naming<T>(path: string, source: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    for (const Named of [CorruptFileError, UnsupportedError, ShapeError]) {
      if (!(error instanceof Named)) continue;
      const problem = `${path}: ${error.problem}`;
      throw new Named({ source, problem, remedy: error.remedy }, { cause: error });
    }
    throw error;
  }
}
