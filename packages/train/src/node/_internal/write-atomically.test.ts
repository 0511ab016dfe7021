import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleModule } from "../_testing/bundle-module.ts";
import { writeAtomically } from "./write-atomically.ts";

const run = promisify(execFile);
const old = Uint8Array.of(1, 2, 3);

/** Whether writing to this device fails as a full disk does; it exists on Linux. */
const hasFullDevice = await open("/dev/full", "r").then(
  (file) => file.close().then(() => true),
  () => false,
);

describe("replacing a file", () => {
  let folder = "";
  let other = "";
  let path = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "semifactor-write-"));
    other = await mkdtemp(join(tmpdir(), "semifactor-other-"));
    path = join(folder, "file");
    await writeFile(path, old);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await rm(other, { recursive: true });
  });

  const expectUntouched = async (): Promise<void> => {
    expect([...(await readFile(path))]).toEqual([...old]);
    expect(await readdir(folder)).toEqual(["file"]);
  };

  test("the new bytes are there, and nothing else", async () => {
    await writeAtomically(path, Uint8Array.of(4, 5), "save");
    expect([...(await readFile(path))]).toEqual([4, 5]);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("an error in the middle of writing leaves the old file, and no temporary one", async () => {
    const half = async (temporary: string, bytes: Uint8Array): Promise<void> => {
      await writeFile(temporary, bytes.subarray(0, bytes.length / 2));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    await expect(writeAtomically(path, new Uint8Array(10), "save", half)).rejects.toMatchObject({
      name: "StorageError",
      path,
      code: "ENOSPC",
    });
    await expectUntouched();
  });

  test("a device without space gives the system's own error", async () => {
    if (!hasFullDevice) {
      process.stderr.write("skipped: there is no /dev/full\n");
      return;
    }
    const full = async (temporary: string, bytes: Uint8Array): Promise<void> => {
      await writeFile(temporary, bytes.subarray(0, 1));
      const device = await open("/dev/full", "w");
      await device.writeFile(bytes).finally(() => device.close());
    };
    await expect(writeAtomically(path, new Uint8Array(10), "save", full)).rejects.toMatchObject({ code: "ENOSPC" });
    await expectUntouched();
  });

  test("a directory that is missing, is a file, or may not be written is named", async () => {
    await expect(writeAtomically(join(folder, "no", "file"), old, "save")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(writeAtomically(join(path, "file"), old, "save")).rejects.toMatchObject({ code: "ENOTDIR" });
    await mkdir(join(folder, "directory", "inner"), { recursive: true });
    await expect(writeAtomically(join(folder, "directory"), old, "save")).rejects.toMatchObject({
      name: "StorageError",
    });
    expect((await readdir(folder)).toSorted()).toEqual(["directory", "file"]);
    await rm(join(folder, "directory"), { recursive: true });
    if (process.getuid?.() === 0) {
      process.stderr.write("skipped: a read-only directory, which does not stop the superuser\n");
      return;
    }
    await chmod(folder, 0o500);
    await expect(writeAtomically(path, old, "save")).rejects.toMatchObject({ code: "EACCES" });
    await expectUntouched();
    await chmod(folder, 0o700);
  });

  test("a limit on the size of files stops a process that writes more, and leaves the old file", async () => {
    if (process.platform === "win32") {
      process.stderr.write("skipped: there is no ulimit on Windows\n");
      return;
    }
    const bundle = join(other, "write.mjs");
    await bundleModule(fileURLToPath(new URL("./write-atomically.ts", import.meta.url)), bundle);
    const script = `
      process.on("SIGXFSZ", () => {});
      const { writeAtomically } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
      await writeAtomically(${JSON.stringify(path)}, new Uint8Array(1 << 20), "save").then(
        () => console.log("written"),
        (error) => console.log(error.name, error.code, error.path),
      );`;
    const command = 'ulimit -f 64 && exec "$0" --input-type=module -e "$1"';
    const { stdout } = await run("sh", ["-c", command, process.execPath, script]);
    expect(stdout.trim()).toBe(`StorageError EFBIG ${path}`);
    await expectUntouched();
  });
});
