import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { CorruptFileError, InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { checkGiven } from "../../io/_internal/check-given.ts";
import { storageError } from "../storage-error.ts";

/**
 * Throws where a path leads to a device or a pipe, which may have no end; a directory is left to the error of the system.
 *
 * @throws InvalidArgumentError with the path
 */
export function checkEnds(path: string, source: string, stats: Stats): void {
  if (stats.isFile() || stats.isDirectory()) return;
  throw new InvalidArgumentError({
    source,
    problem: `${path} is a device or a pipe`,
    remedy: "Give the path of a file",
  });
}

/**
 * The bytes of a file.
 *
 * @throws StorageError with the path and the system's code; InvalidArgumentError where it is no file
 */
export async function readBytes(path: string, source: string): Promise<Uint8Array> {
  checkGiven(source, { path }, "string");
  try {
    checkEnds(path, source, await stat(path));
    return await readFile(path);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
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
