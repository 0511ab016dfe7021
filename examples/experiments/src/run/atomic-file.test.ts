import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readJson, WriteError, writeFileAtomic, writeJson } from "./atomic-file.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "semifactor-atomic-"));
const schema = v.object({ step: v.number(), name: v.string() });

describe("writeFileAtomic", () => {
  test("writes the bytes, makes the folder and leaves nothing else behind", async () => {
    const dir = join(folder(), "a", "b");
    await writeFileAtomic(join(dir, "x.bin"), new Uint8Array([1, 2, 3]));
    expect([...readFileSync(join(dir, "x.bin"))]).toEqual([1, 2, 3]);
    expect(readdirSync(dir)).toEqual(["x.bin"]);
  });

  test("keeps the old file and removes the temporary one when the write fails", async () => {
    const dir = folder();
    const target = join(dir, "target");
    await writeFileAtomic(join(target, "inside"), "a folder stands where the file should go");
    await expect(writeFileAtomic(target, "data")).rejects.toThrow(WriteError);
    await expect(writeFileAtomic(target, "data")).rejects.toThrow(
      new RegExp(`${target} could not be written.*run again`),
    );
    await expect(writeFileAtomic(join(target, "inside", "x"), "data")).rejects.toThrow(WriteError);
    expect(readdirSync(dir)).toEqual(["target"]);
    expect(readFileSync(join(target, "inside"), "utf8")).toContain("a folder");
  });
});

describe("readJson", () => {
  test("round trip, and undefined when there is no file", async () => {
    const path = join(folder(), "x.json");
    expect(readJson(path, schema)).toBeUndefined();
    await writeJson(path, { step: 3, name: "a" });
    expect(readJson(path, schema)).toEqual({ step: 3, name: "a" });
  });

  test("a truncated file is named, with the remedy", async () => {
    const path = join(folder(), "x.json");
    writeFileSync(path, '{"step": 3, "na');
    expect(() => readJson(path, schema)).toThrow(/x\.json is not valid JSON.*Delete it/);
  });

  test("a wrong value is named with its place", async () => {
    const path = join(folder(), "x.json");
    await writeJson(path, { step: "three", name: "a" });
    expect(() => readJson(path, schema)).toThrow(/step = "three"/);
  });
});
