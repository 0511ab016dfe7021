import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const found = existsSync(executablePath);
if (!found) process.stderr.write(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH says where it is)\n`);

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

describe.skipIf(!found)("the live page in Chromium", () => {
  let folder: string;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "semifactor-live-"));
    const root = fileURLToPath(new URL("..", import.meta.url));
    await build({ root, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
    server = createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.searchParams.has("isolated") || request.headers.referer?.includes("isolated")) {
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      }
      try {
        const path = url.pathname === "/" ? "/index.html" : url.pathname;
        const body = await readFile(join(folder, path));
        response.setHeader("Content-Type", types[extname(path)] ?? "application/octet-stream");
        response.end(body);
      } catch {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (query: string): Promise<{ readonly page: Page; readonly errors: string[] }> => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`);
    await page.getByRole("button", { name: "Train" }).waitFor();
    return { page, errors };
  };
  const status = (page: Page) => page.locator(".status").textContent();

  test("without isolation it says that it has one thread, and trains until the beliefs can be read off", async () => {
    const { page, errors } = await open("");
    expect(await page.locator(".notes").textContent()).toMatch(/wasm-.*1 thread.*cross-origin/s);
    await page.getByRole("button", { name: "Train" }).click();
    await page.waitForFunction(
      () => Number(/step (\d+)/.exec(document.querySelector(".status")?.textContent ?? "")?.[1]) >= 300,
      undefined,
      { timeout: 60_000 },
    );
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const text = (await status(page)) ?? "";
    expect(Number(/R² ([\d.]+)/.exec(text)?.[1])).toBeGreaterThan(0.8);
    expect(Number(/([\d.-]+) nats/.exec(text)?.[1])).toBeLessThan(0.05);
    expect(await page.locator(".figures svg").count()).toBe(2);
    // A path for each symbol with a dot for every place.
    const dots = await page
      .locator(".figures > div:first-child g.data-mark path")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")?.match(/M/g)?.length ?? 0));
    expect(dots).toHaveLength(3);
    expect(dots.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);

    // Taken up again it goes on from where it was.
    const before = Number(/step (\d+)/.exec(text)?.[1]);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForFunction(
      (step) => Number(/step (\d+)/.exec(document.querySelector(".status")?.textContent ?? "")?.[1]) > step,
      before,
    );
    expect(errors).toEqual([]);
    if (process.env.SCREENSHOT !== undefined) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
    await page.close();
  }, 90_000);

  test("where there is no engine it says why, and nothing can be started", async () => {
    const page = await browser.newPage();
    await page.addInitScript("delete globalThis.WebAssembly");
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => (document.querySelector(".status")?.textContent ?? "").length > 0);
    expect(await status(page)).toContain("WebAssembly");
    expect(await page.getByRole("button", { name: "Train" }).isDisabled()).toBe(true);
    await page.close();
  });

  test("on an isolated page it uses the threads there are", async () => {
    const { page, errors } = await open("?isolated");
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    if (cores > 1) expect(await page.locator(".notes").textContent()).toMatch(/\d threads\.$/);
    expect(errors).toEqual([]);
    await page.close();
  });
});
