// Opens the report of a smoke run in Chromium and counts what is drawn (run `pnpm build` first). Run with `node --test`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

test("every figure of the report is drawn", {
  skip: browser === undefined ? "no Chromium on this machine" : false,
}, async () => {
  const out = mkdtempSync(join(tmpdir(), "semifactor-report-"));
  execFileSync(process.execPath, ["--experimental-wasm-relaxed-simd", cli, "--smoke", "--out", out], { stdio: "pipe" });
  const page = await (
    await chromium.launch({
      executablePath: browser,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    })
  ).newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => request.url().startsWith("file:") || problems.push(`request to ${request.url()}`));
  await page.goto(pathToFileURL(join(out, "report.html")).href);
  const figures = await page.$$eval("figure[data-marks]", (nodes) =>
    nodes.map((node) => {
      const marks = [...node.querySelectorAll("svg g.data-mark > *")];
      return {
        announced: Number(node.getAttribute("data-marks")),
        present: marks.length,
        visible: marks.filter((mark) => {
          const { width, height } = mark.getBoundingClientRect();
          return width + height > 0;
        }).length,
        wide: node.getBoundingClientRect().width,
      };
    }),
  );
  await page.context().browser()?.close();
  assert.deepEqual(problems, []);
  assert.ok(figures.length >= 4, `${figures.length} figures`);
  for (const { announced, present, visible, wide } of figures) {
    assert.ok(announced > 0 && wide > 100);
    assert.equal(present, announced);
    assert.ok(visible >= 0.9 * announced, `${visible} of ${announced} marks have a size`);
  }
});
