import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { lockFolder, RunFolderBusyError, tryCreate } from "./run-folder-lock.ts";

const scratch = mkdtempSync(join(tmpdir(), "semifactor-lock-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const path = join(scratch, "lock");
beforeEach(() => rmSync(path, { force: true }));
const lock = () => lockFolder(scratch, path, "test");
const leave = (owner: unknown): void => writeFileSync(path, JSON.stringify(owner));

/** The number of a process that is gone. */
const gone = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));

describe("lockFolder", () => {
  test("one owner at a time; giving back what is another's does nothing", async () => {
    const first = await lock();
    await expect(lock()).rejects.toMatchObject({ name: "RunFolderBusyError", pid: process.pid, host: hostname() });
    first.release();
    const second = await lock();
    first.release();
    second.check();
    expect(() => first.check()).toThrow(RunFolderBusyError);
    second.release();
    expect(readdirSync(scratch)).toEqual([]);
  });

  test("of a process that is gone it is taken over", async () => {
    leave({ pid: gone, host: hostname(), started: "", token: "a" });
    const taken = await lock();
    taken.check();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
    taken.release();
    expect(readdirSync(scratch)).toEqual([]);
  });

  test("of several that find it at once, one takes it over", async () => {
    for (let round = 0; round < 20; round++) {
      leave({ pid: gone, host: hostname(), started: "", token: String(round) });
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, lock));
      const owners = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      expect(owners).toHaveLength(1);
      owners[0]?.release();
    }
    expect(readdirSync(scratch)).toEqual([]);
  });

  test("of a process that runs it is not, and the message says which", async () => {
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    try {
      leave({ pid: other.pid, host: hostname(), started: "", token: "a" });
      await expect(lock()).rejects.toThrow(`process ${other.pid} is writing ${scratch}. Wait until it ends`);
    } finally {
      other.kill();
    }
  });

  test("a number that was given to a new process does not keep it", async () => {
    if (process.platform !== "linux") {
      process.stderr.write("skipped: only Linux says when a process began\n");
      return;
    }
    leave({ pid: process.pid, host: hostname(), started: "1", token: "a" });
    (await lock()).release();
  });

  test("of another machine nothing is known: it stays, and the remedy says what to do", async () => {
    leave({ pid: gone, host: "elsewhere", started: "", token: "a" });
    await expect(lock()).rejects.toThrow(`process ${gone} on elsewhere is writing`);
    await expect(lock()).rejects.toThrow(`If it is gone, delete ${path}`);
  });

  test.each(["", '{"pid', '{"pid":0,"host":"a"}', '{"pid":1}'])(
    "a lock that was never finished (%s) is waited for, then taken over",
    async (text) => {
      writeFileSync(path, text);
      const taken = await lock();
      taken.check();
      taken.release();
    },
  );

  test("a folder that is missing is named", async () => {
    const missing = join(scratch, "none", "lock");
    await expect(lockFolder(join(scratch, "none"), missing, "test")).rejects.toMatchObject({
      name: "StorageError",
      path: missing,
      code: "ENOENT",
    });
  });
});

describe("what is no lock", () => {
  test.skipIf(process.platform === "win32")("a link to nothing is named rather than waited for", async () => {
    symlinkSync(join(scratch, "nowhere"), path);
    await expect(lock()).rejects.toThrow(`${path} could not be read (it is there, and a link to nothing)`);
    await expect(lock()).rejects.toMatchObject({ name: "StorageError" });
  });

  test.each(["", "null", "[]", "5", '{"pid":1e20,"host":"h"}', '{"pid":0.5}', '{"pid":1}', '{"pid":"1","host":"h"}'])(
    "%s, left behind by a process that was killed, is taken over",
    async (text) => {
      writeFileSync(path, text);
      const taken = await lock();
      taken.check();
      taken.release();
      expect(readdirSync(scratch)).toEqual([]);
    },
  );

  test("a disk that fills up while it is written leaves none", () => {
    const full = (file: number): void => {
      writeSync(file, "{");
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    expect(() => tryCreate(path, "content", "test", full)).toThrow(/ENOSPC.*Free space on the disk/);
    expect(readdirSync(scratch)).toEqual([]);
  });
});
