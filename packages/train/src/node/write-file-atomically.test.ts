import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeFileAtomically } from "./write-file-atomically.ts";

describe("writeFileAtomically", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "semifactor-file-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("texts are written as UTF-8, bytes as they are, over what was there", async () => {
    const path = join(folder, "file");
    await writeFileAtomically(path, "a long text that is replaced");
    await writeFileAtomically(path, "é\u{1f600}");
    expect([...(await readFile(path))]).toEqual([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]);
    await writeFileAtomically(path, Uint8Array.of(0, 255));
    expect([...(await readFile(path))]).toEqual([0, 255]);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("of many writers at once one is last, and the file is whole", async () => {
    const path = join(folder, "file");
    const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000 + i));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("a folder that is missing is named; what is no content or no path is refused before anything is written", async () => {
    const path = join(folder, "no", "file");
    await expect(writeFileAtomically(path, "")).rejects.toMatchObject({ name: "StorageError", code: "ENOENT", path });
    for (const content of [undefined, null, 5, {}]) {
      await expect(writeFileAtomically(join(folder, "x"), content as never)).rejects.toThrow(InvalidArgumentError);
    }
    await expect(writeFileAtomically(undefined as never, "")).rejects.toThrow("path is undefined");
    expect(await readdir(folder)).toEqual([]);
  });
});
