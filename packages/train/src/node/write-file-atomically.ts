import { InvalidArgumentError } from "@semifactor/ghmm";
import { writeAtomically } from "./_internal/write-atomically.ts";

/**
 * Writes a file so that a reader, also one after a crash, finds either what was there before or all of the new content: the bytes go to `<path>.<random>.tmp`, are
 * flushed to disk, and the file is renamed.
 *
 * @param content - text is written as UTF-8
 * @throws StorageError with the path and the system's code where the directory is missing or not writable or the disk is full: the old file is untouched, and
 * nothing is left behind
 * @throws InvalidArgumentError if `content` is neither text nor bytes
 * @example
 * ```ts
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { stableJson, writeFileAtomically } from "@semifactor/train/node";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "semifactor-")), "result.json");
 * await writeFileAtomically(path, stableJson({ loss: 0.5 }, 0));
 * expect(await readFile(path, "utf8")).toBe('{"loss":0.5}\n');
 * ```
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const source = "writeFileAtomically";
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidArgumentError({
      source,
      problem: `content is ${String(content)}`,
      remedy: "Give a text or a Uint8Array",
    });
  }
  await writeAtomically(path, bytes, source);
}
