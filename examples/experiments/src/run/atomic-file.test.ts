import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import * as v from "valibot";
import { describe, expect } from "vitest";
import { readJson, stableJson, WriteError, writeFileAtomic, writeJson } from "./atomic-file.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "semifactor-atomic-"));
const schema = v.object({ step: v.number(), name: v.string() });

describe("writeFileAtomic", () => {
  test("writes the bytes, makes the folder and leaves nothing else behind", () => {
    const dir = join(folder(), "a", "b");
    writeFileAtomic(join(dir, "x.bin"), new Uint8Array([1, 2, 3]));
    expect([...readFileSync(join(dir, "x.bin"))]).toEqual([1, 2, 3]);
    expect(readdirSync(dir)).toEqual(["x.bin"]);
  });

  test("keeps the old file and removes the temporary one when the write fails", () => {
    const dir = folder();
    const target = join(dir, "target");
    writeFileAtomic(join(target, "inside"), "a folder stands where the file should go");
    expect(() => writeFileAtomic(target, "data")).toThrow(WriteError);
    expect(() => writeFileAtomic(target, "data")).toThrow(new RegExp(`${target} could not be written.*run again`));
    expect(() => writeFileAtomic(join(target, "inside", "x"), "data")).toThrow(WriteError);
    expect(readdirSync(dir)).toEqual(["target"]);
    expect(readFileSync(join(target, "inside"), "utf8")).toContain("a folder");
  });
});

describe("stableJson", () => {
  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])("does not depend on the order of keys", (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    expect(stableJson(reversed)).toBe(stableJson(value));
  });

  test.prop([fc.jsonValue()])("loses nothing", (value) => {
    expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });
});

describe("readJson", () => {
  test("round trip, and undefined when there is no file", () => {
    const path = join(folder(), "x.json");
    expect(readJson(path, schema)).toBeUndefined();
    writeJson(path, { step: 3, name: "a" });
    expect(readJson(path, schema)).toEqual({ step: 3, name: "a" });
  });

  test("a truncated file is named, with the remedy", () => {
    const path = join(folder(), "x.json");
    writeFileSync(path, '{"step": 3, "na');
    expect(() => readJson(path, schema)).toThrow(/x\.json is not valid JSON.*Delete it/);
  });

  test("a wrong value is named with its place", () => {
    const path = join(folder(), "x.json");
    writeJson(path, { step: "three", name: "a" });
    expect(() => readJson(path, schema)).toThrow(/step = "three"/);
  });
});
