import { type ErrorDetails, SemifactorError } from "@semifactor/ghmm";

/** What is done about the errors of a file system that have a usual cause. */
const remedies: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "Free space on the disk, or choose another one"],
  ["EDQUOT", "Free space in the quota, or choose another disk"],
  ["EFBIG", "Raise the limit on the size of files (ulimit -f), or choose another file system"],
  ["EACCES", "Give this user the right to it, or choose another directory"],
  ["EPERM", "Give this user the right to it, or choose another directory"],
  ["EROFS", "The file system is read-only: choose another directory"],
  ["ENOENT", "Create the directory, or check the path"],
  ["ENOTDIR", "A part of the path is a file: check the path"],
  ["EISDIR", "The path is a directory: give the path of a file"],
]);

/**
 * A file or directory could not be read or written: `path` and the `code` of the system (`ENOSPC`, `EACCES`, `ENOENT`, ...), with the error itself as `cause`.
 *
 * @example
 * ```ts
 * import { loadCheckpoint, StorageError } from "@semifactor/train/node";
 *
 * await expect(loadCheckpoint("no-such-file.safetensors")).rejects.toThrow(StorageError);
 * ```
 */
export class StorageError extends SemifactorError {
  override readonly name = "StorageError";
  readonly path: string;
  /** The system's name of the error; empty where it gave none. */
  readonly code: string;

  constructor(details: ErrorDetails & { readonly path: string; readonly code: string }, options?: ErrorOptions) {
    super(details, options);
    this.path = details.path;
    this.code = details.code;
  }
}

/** The error of a file system as a {@link StorageError}: `what` could not be done with `path`. */
export function storageError(source: string, path: string, what: "read" | "written", cause: unknown): StorageError {
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const reason = cause instanceof Error ? cause.message : String(cause);
  const kept = what === "written" ? "; what was there before is untouched" : "";
  const problem = `${path} could not be ${what} (${reason})${kept}`;
  const remedy = remedies.get(code) ?? "Check the path and the disk";
  return new StorageError({ source, problem, remedy, path, code }, { cause });
}
