import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "./sources.ts";

const folder = mkdtempSync(join(tmpdir(), "semifactor-child-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A study that says when it is ready, counts Ctrl-C and ends with exit code 7 half a second after the first. */
const program = join(folder, "program.mjs");
writeFileSync(
  program,
  `let presses = 0;
  process.on("SIGINT", () => { if (presses++ === 0) setTimeout(() => { console.log("presses " + presses); process.exit(7); }, 500); });
  process.on("SIGTERM", () => { console.log("terminated"); process.exit(3); });
  setInterval(() => {}, 1000);
  console.log("ready " + process.pid);`,
);

function start(): { readonly parent: ChildProcess; readonly waitFor: (text: string) => Promise<string> } {
  const module = join(root, "tools", "run-child.mjs");
  const code = `import { runChild } from ${JSON.stringify(module)};
    process.exitCode = await runChild([${JSON.stringify(program)}]);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  const waiting: (() => void)[] = [];
  parent.stdout?.on("data", (chunk) => {
    output += chunk;
    for (const check of waiting) check();
  });
  const waitFor = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (output.includes(text)) resolve(output);
      };
      waiting.push(check);
      check();
    });
  return { parent, waitFor };
}

const exitCode = (parent: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => parent.once("exit", resolve));

describe.skipIf(process.platform === "win32")("runChild (signals of POSIX systems)", () => {
  it("passes one Ctrl-C on once, however often it arrives, and returns the exit code", async () => {
    const { parent, waitFor } = start();
    await waitFor("ready");
    const code = exitCode(parent);
    parent.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 20));
    parent.kill("SIGINT");
    expect(await waitFor("presses")).toContain("presses 1");
    expect(await code).toBe(7);
  });

  it("ends the child when it is killed itself", async () => {
    const { parent, waitFor } = start();
    await waitFor("ready");
    parent.kill("SIGKILL");
    expect(await waitFor("terminated")).toContain("terminated");
  });
});
