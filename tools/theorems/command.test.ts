import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../sources.ts";
import { allTheorems, outdatedPages, theoremsCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { EXAMPLE_PROCESS } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "semifactor-theorems-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, "results", "theorems.json");

/** Runs the command with what it prints caught, in a root of its own. */
async function run(...args: readonly string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const code = await theoremsCommand([...args], {
    root: folder,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  });
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

test("the theorems of both packages are in order, each once", () => {
  const numbers = allTheorems.map(({ id }) => Number(id.slice(1)));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});

describe("theoremsCommand", () => {
  test("prints a line for each theorem and writes the residuals", async () => {
    const { code, stdout, stderr } = await run("--only", "T3,T1", "--runs", "5", "--key", "7", "--out", out);
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^id {2}theorem .* verdict$/);
    expect(lines[1]).toMatch(/^T1 .* 5 +3\/3 {2}holds$/);
    expect(lines[2]).toMatch(/^T3 .* 5 +2\/2 {2}holds$/);
    expect(stderr.split("\n")[0]).toBe("T1 (1 of 2): 0 of 5");
    const { runs, key, holds, theorems } = JSON.parse(readFileSync(out, "utf8"));
    expect({ runs, key, holds, ids: theorems.map(({ id }: { id: string }) => id) }).toEqual({
      runs: 5,
      key: 7,
      holds: true,
      ids: ["T1", "T3"],
    });
    expect(readdirSync(join(folder, "results"))).toEqual(["theorems.json"]);
  });

  test("checks a process file, and says which theorems do not apply", async () => {
    const file = join(folder, "mine.json");
    writeFileSync(file, EXAMPLE_PROCESS);
    const { code, stdout } = await run("--only", "T1,T2,T9", "--process", file, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^T1 .* 1 +3\/3 {2}holds$/m);
    expect(stdout).toMatch(/^T2 .* 1 +2\/2 {2}holds$/m);
    // the tokens of the example are of both factors together
    expect(stdout).toMatch(/^T9 .* not checked: needs factors and tokenSizes/m);
    expect(JSON.parse(readFileSync(out, "utf8")).process).toBe(file);
  });

  test("refuses ids that are none, and lists those there are", async () => {
    await expect(run("--only", "T1,T99", "--out", out)).rejects.toThrow(UsageError);
    await expect(run("--only", "T1,T99", "--out", out)).rejects.toThrow('--only has "T99". Give ids among T1, T2, T3,');
  });

  test("refuses a place that cannot be written before it runs anything", async () => {
    await expect(run("--only", "T1", "--out", folder)).rejects.toThrow("is a folder");
    await expect(run("--only", "T1", "--out", join(out, "below.json"))).rejects.toThrow("--out");
  });

  test("help", async () => {
    expect(await run("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--only T26,T27") });
  });

  test("pages: written, current, changed, one too many", async () => {
    const pages = join(folder, "docs", "theorems");
    mkdirSync(pages, { recursive: true });
    writeFileSync(join(pages, "T99.md"), "# T99");
    expect(await run("--check")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/index\.md, T1\.md,.* T99\.md/),
    });
    const { stdout } = await run("--write", "--runs", "1", "--out", out);
    expect(stdout).toContain(`docs/theorems: ${allTheorems.length + 1} pages`);
    expect(existsSync(join(pages, "T99.md"))).toBe(false);
    expect(await run("--check")).toMatchObject({ code: 0, stdout: expect.stringContaining("is current") });
    const page = join(pages, "T2.md");
    const text = readFileSync(page, "utf8");
    writeFileSync(page, text.replace(/<!--run-->.*?<!--end-->/g, "<!--run-->other<!--end-->"));
    expect(outdatedPages(folder)).toEqual([]);
    writeFileSync(page, text.replace("associative", "commutative"));
    expect(outdatedPages(folder)).toEqual(["T2.md"]);
  });
});

describe("npm run theorems", () => {
  const script = join(root, "tools", "theorems.mjs");

  test("ends with 2 for a wrong option, and says so on stderr without a stack", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--only", "T0"], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain('--only has "T0"');
    expect(stderr).not.toContain("    at ");
  });

  test("ends with 2 for a wrong file", () => {
    const file = join(folder, "cut.json");
    writeFileSync(file, EXAMPLE_PROCESS.slice(0, 80));
    const { status, stderr } = spawnSync(process.execPath, [script, "--process", file], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("cut.json: it is no JSON");
  });

  test.skipIf(process.platform === "win32")("interrupted, leaves no file", async () => {
    const own = join(folder, "interrupted");
    const args = [script, "--only", "T8", "--runs", "1000000", "--out", join(own, "theorems.json")];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    await new Promise((resolve) => child.stderr?.once("data", resolve));
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    expect(readdirSync(own)).toEqual([]);
  });
});
