import { describe, expect, test } from "vitest";
import { readOptions, UsageError } from "./options.ts";

describe("readOptions", () => {
  test("has defaults", () => {
    expect(readOptions([])).toEqual({ runs: 1000, key: 0, out: "runs/theorems.json", mode: "run" });
  });

  test("reads all of them, in either way of writing, with ids in any case", () => {
    const args = ["--", "--runs", "20", "--key=7", "--only", "t26, T3", "--out", "a.json"];
    expect(readOptions(args)).toEqual({ runs: 20, key: 7, only: ["T26", "T3"], out: "a.json", mode: "run" });
    expect(readOptions(["--seed", "5"])).toMatchObject({ key: 5 });
    expect(readOptions(["--process", "p.json"])).toMatchObject({ process: "p.json" });
    expect(readOptions(["--write"]).mode).toBe("write");
    expect(readOptions(["--check"]).mode).toBe("check");
    expect(readOptions(["--help", "--check"]).mode).toBe("help");
  });

  test.each([
    [["--runs", "0"], '--runs is "0". Give an integer from 1 to 10000000.'],
    [["--runs", "1e3"], '--runs is "1e3"'],
    [["--runs", "-1"], "--runs"],
    [["--key", "1.5"], '--key is "1.5"'],
    [["--key", ""], '--key is ""'],
    [["--key", "99999999999999999999"], "--key is"],
    [["--only", " ,"], "--only is empty"],
    [["--frob"], "Unknown option '--frob'"],
    [["T4"], "Unexpected argument 'T4'"],
    [["--runs"], "argument missing"],
    [["--key", "1", "--seed", "1"], "--key and --seed are both given"],
    [["--write", "--check"], "--write and --check"],
    [["--write", "--only", "T1"], "--write and --only are both given. The pages hold all theorems"],
    [["--process", "p.json", "--runs", "10"], "--process and --runs are both given. A process makes one instance"],
  ])("refuses %j", (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
    expect(() => readOptions(args)).toThrow("npm run theorems -- [options]");
  });
});
