import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cellNames } from "./config.ts";
import { OutputFolderError, parseOptions, prepareOutputFolder, UsageError } from "./options.ts";

const parse = (...argv: string[]) => parseOptions(argv, () => undefined);

describe("parseOptions", () => {
  test("defaults: four cells, one seed", () => {
    expect(parse()).toMatchObject({ seeds: 1, cells: cellNames, smoke: false });
  });

  test("takes seeds, cells and folder", () => {
    const options = parse("--seeds", "5", "--cells", "shared-direct, independent-pairs", "--out", "/x/y");
    expect(options).toMatchObject({ seeds: 5, cells: ["shared-direct", "independent-pairs"], out: "/x/y" });
  });

  test("a smoke run never shares the default folder of a real one", () => {
    expect(parse("--smoke")?.out).not.toBe(parse()?.out);
  });

  test.each([
    [["--seeds", "0"], /--seeds must be a whole number from 1.*got "0"/],
    [["--seeds", "1.5"], /got "1.5"/],
    [["--seeds", "many"], /got "many"/],
    [["--cells", "shared-direct,nonsense"], /unknown cell "nonsense"; choose from shared-direct/],
    [["--cells", ""], /unknown cell ""/],
    [["--out", ""], /--out must name a folder/],
    [["--frobnicate"], /unknown option/],
    [["extra"], /too many arguments/],
  ])("%j is a usage error that names the value", (argv, message) => {
    expect(() => parse(...argv)).toThrow(UsageError);
    expect(() => parse(...argv)).toThrow(message);
  });

  test("--help writes the help and asks for nothing", () => {
    let text = "";
    expect(parseOptions(["--help"], (part) => (text += part))).toBeUndefined();
    for (const option of ["--seeds", "--cells", "--out", "--workers", "--smoke"]) expect(text).toContain(option);
  });
});

describe("prepareOutputFolder", () => {
  test.runIf(existsSync("/proc/self"))("a file system that takes no folders is refused, not waited for", () => {
    expect(() => prepareOutputFolder("/proc/semifactor/out")).toThrow(OutputFolderError);
  });

  test("makes missing folders", () => {
    const dir = join(mkdtempSync(join(tmpdir(), "semifactor-out-")), "a", "b");
    expect(() => prepareOutputFolder(dir)).not.toThrow();
  });

  test("a file in the way is named with the remedy", () => {
    const file = join(mkdtempSync(join(tmpdir(), "semifactor-out-")), "file");
    writeFileSync(file, "");
    chmodSync(file, 0o400);
    expect(() => prepareOutputFolder(file)).toThrow(OutputFolderError);
    expect(() => prepareOutputFolder(join(file, "out"))).toThrow(OutputFolderError);
    expect(() => prepareOutputFolder(join(file, "out"))).toThrow(/Choose a folder that you may write to/);
  });
});
