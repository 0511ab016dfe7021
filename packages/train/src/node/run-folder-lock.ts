import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { type ErrorDetails, SemifactorError } from "@semifactor/ghmm";
import { storageError } from "./storage-error.ts";

/** A run folder that another process, or this one, is writing. */
export class RunFolderBusyError extends SemifactorError {
  override readonly name = "RunFolderBusyError";
  /** The process that has the folder. */
  readonly pid: number;
  /** The machine that it runs on. */
  readonly host: string;

  constructor(details: ErrorDetails & { readonly pid: number; readonly host: string }, options?: ErrorOptions) {
    super(details, options);
    this.pid = details.pid;
    this.host = details.host;
  }
}

/** Who has a folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, where the system says so: its number may be given to another one later. */
  readonly started: string;
  readonly token: string;
}

/** A folder that this process has for itself. */
export interface FolderLock {
  /**
   * Throws unless the folder is still this process's.
   *
   * @throws RunFolderBusyError if another process has it, or nobody: somebody removed the lock
   */
  check(): void;
  /** Gives the folder back. */
  release(): void;
}

/** Reads of an unfinished lock before it counts as left behind, and the time between them in milliseconds. */
const patience = { reads: 10, pause: 25 };

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** When a process began, in ticks since the machine did; empty where the system does not say. */
function startOf(pid: number): string {
  try {
    // The name of the program, in parentheses, may hold anything; the fields after it are numbers, the start time the 20th.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Whether the owner may still be running. Of another machine nothing can be known. */
function isAlive({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
  const now = startOf(pid);
  return now === "" || started === "" || now === started;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, host, started, token }: Partial<Owner> = JSON.parse(text);
    if (pid === undefined || !Number.isInteger(pid) || pid < 1 || pid >= 2 ** 31) return undefined;
    if (typeof host !== "string") return undefined;
    return { pid, host, started: started ?? "", token: token ?? "" };
  } catch {
    return undefined;
  }
}

/** The content of a lock; undefined where there is none. */
function readLock(path: string, source: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw storageError(source, path, "read", error);
  }
}

/** Creates the lock, if there is none. On a full disk none is left behind. */
export function tryCreate(
  path: string,
  content: string,
  source: string,
  write: (file: number, content: string) => void = writeFileSync,
): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw storageError(source, path, "written", error);
  }
  try {
    write(file, content);
    closeSync(file);
    return true;
  } catch (error) {
    try {
      closeSync(file);
    } finally {
      unlinkSync(path);
    }
    throw storageError(source, path, "written", error);
  }
}

/** Removes a file that may be gone. */
function remove(path: string, source: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw storageError(source, path, "written", error);
  }
}

/** Takes away a lock that was left behind, unless it changed since: several processes may find it at once, and one of them may have made its own by now. */
function removeStale(path: string, content: string, source: string): void {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw storageError(source, path, "written", error);
  }
  const taken = readLock(aside, source);
  // Put back; should a third process have been quicker, the owner finds out at its next check.
  if (taken !== undefined && taken !== content) tryCreate(path, taken, source);
  remove(aside, source);
}

/**
 * Takes a folder for this process, by a file that only one process can create. The lock of a process on this machine that is gone is taken over.
 *
 * @throws RunFolderBusyError if a process that may be running has the folder
 */
export async function lockFolder(folder: string, path: string, source: string): Promise<FolderLock> {
  const own: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  const content = JSON.stringify(own);
  const busy = ({ pid, host }: Owner): never => {
    const where = host === hostname() ? "" : ` on ${host}`;
    throw new RunFolderBusyError({
      source,
      problem: `process ${pid}${where} is writing ${folder}`,
      remedy: where === "" ? "Wait until it ends, or choose another folder" : `If it is gone, delete ${path}`,
      pid,
      host,
    });
  };
  for (let unfinished = 0; !tryCreate(path, content, source); ) {
    const found = readLock(path, source);
    if (found === undefined) {
      // Given back a moment ago; again and again it is a link to nothing.
      if (unfinished++ < patience.reads) await wait(patience.pause);
      else throw storageError(source, path, "read", new Error("it is there, and a link to nothing"));
      continue;
    }
    const owner = parseOwner(found);
    if (owner !== undefined && isAlive(owner)) busy(owner);
    if (owner === undefined && unfinished++ < patience.reads) await wait(patience.pause);
    else removeStale(path, found, source);
  }
  return {
    check() {
      const found = readLock(path, source);
      if (found === content) return;
      const owner = found === undefined ? undefined : parseOwner(found);
      if (owner !== undefined) busy(owner);
      throw new RunFolderBusyError({
        source,
        problem: `the lock of process ${own.pid}, ${path}, was ${found === undefined ? "deleted" : "overwritten"} while it was writing`,
        remedy: "Let one process write the folder, and delete no lock of a process that runs",
        pid: own.pid,
        host: own.host,
      });
    },
    release() {
      if (readLock(path, source) === content) remove(path, source);
    },
  };
}
