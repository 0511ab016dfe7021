import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptFileError, InvalidArgumentError } from "@semifactor/ghmm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { tinyModel } from "../loop/_testing/tiny-run.ts";
import { openRunFolder } from "./run-folder.ts";
import { RunFolderBusyError } from "./run-folder-lock.ts";

const scratch = mkdtempSync(join(tmpdir(), "semifactor-folder-"));
afterAll(() => rmSync(scratch, { recursive: true }));
let path = "";
let count = 0;
beforeEach(() => {
  path = join(scratch, String(count++), "run");
});

describe("openRunFolder", () => {
  test("makes the folder, holds it, and gives it back", async () => {
    const folder = await openRunFolder(path, { config: { b: 1, a: [2] } });
    expect(readdirSync(path).toSorted()).toEqual(["config.json", "lock"]);
    expect(readFileSync(join(path, "config.json"), "utf8")).toBe('{\n  "a": [\n    2\n  ],\n  "b": 1\n}\n');
    await expect(openRunFolder(path)).rejects.toThrow(RunFolderBusyError);
    await expect(openRunFolder(path)).rejects.toThrow(`process ${process.pid} is writing ${path}`);
    folder.close();
    folder.close();
    (await openRunFolder(path)).close();
    expect(readdirSync(path)).toEqual(["config.json"]);
  });

  test("keeps a checkpoint", async () => {
    const folder = await openRunFolder(path);
    expect(await folder.loadCheckpoint()).toBeUndefined();
    await folder.saveCheckpoint({ model: tinyModel, metadata: "[1]" });
    expect((await folder.loadCheckpoint())?.metadata).toBe("[1]");
    folder.close();
  });

  test("does not save into a folder that is no longer this process's", async () => {
    const folder = await openRunFolder(path);
    await folder.saveCheckpoint({ model: tinyModel, metadata: "[1]" });
    rmSync(join(path, "lock"));
    await expect(folder.saveCheckpoint({ model: tinyModel, metadata: "[2]" })).rejects.toThrow(/lock .* was deleted/);
    const other = await openRunFolder(path);
    await expect(folder.saveCheckpoint({ model: tinyModel, metadata: "[2]" })).rejects.toThrow(RunFolderBusyError);
    folder.close();
    await other.saveCheckpoint({ model: tinyModel, metadata: "[3]" });
    expect((await other.loadCheckpoint())?.metadata).toBe("[3]");
    other.close();
  });

  test("removes what a killed process had not finished, and nothing else", async () => {
    mkdirSync(path, { recursive: true });
    for (const file of ["checkpoint.safetensors.1-2.tmp", "config.json.3.tmp", "notes.tmp", "figure.svg"]) {
      writeFileSync(join(path, file), "x");
    }
    (await openRunFolder(path)).close();
    expect(readdirSync(path).toSorted()).toEqual(["figure.svg", "notes.tmp"]);
  });

  test.each([
    ["a value", { seed: 2 }, "seed was 1 and is 2"],
    ["a new entry", { seed: 1, rate: 3 }, "rate was absent and is 3"],
    ["a missing entry", {}, "seed was 1 and is absent"],
    ["an array", [1], "it was {"],
    ["something inside", { seed: { a: [1] } }, 'seed was 1 and is {"a":[1]}'],
  ])("another configuration is refused: %s", async (_, config, message) => {
    (await openRunFolder(path, { config: { seed: 1 } })).close();
    await expect(openRunFolder(path, { config })).rejects.toThrow(InvalidArgumentError);
    await expect(openRunFolder(path, { config })).rejects.toThrow(message);
    (await openRunFolder(path, { config: { seed: 1, absent: undefined } })).close();
  });

  test("a damaged configuration is named, and the folder is free again", async () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "config.json"), '{"seed"');
    await expect(openRunFolder(path, { config: {} })).rejects.toThrow(CorruptFileError);
    expect(readdirSync(path)).toEqual(["config.json"]);
  });

  test("a path that is a file is named", async () => {
    mkdirSync(join(scratch, "files"), { recursive: true });
    const file = join(scratch, "files", "file");
    writeFileSync(file, "");
    await expect(openRunFolder(file)).rejects.toMatchObject({ name: "StorageError", path: file });
    await expect(openRunFolder(join(file, "run"))).rejects.toMatchObject({ name: "StorageError" });
  });
});
