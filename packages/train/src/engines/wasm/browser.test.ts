import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundlePage } from "../_testing/bundle-page.ts";
import { variants } from "./_testing/compare-kernel.ts";
import { type BriefRun, trainBriefly } from "./_testing/train-briefly.ts";
import type { WasmEngineOptions } from "./index.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const found = existsSync(executablePath);
if (!found) process.stderr.write(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH says where it is)\n`);

describe.skipIf(!found)("the wasm engine in Chromium", () => {
  let browser: Browser;
  let server: Server;
  let script: string;

  beforeAll(async () => {
    script = await bundlePage(new URL("./_testing/browser-page.ts", import.meta.url));
    server = createServer((request, response) => {
      // "/isolated" gets shared memory, "/plain" does not.
      if (request.url === "/isolated") {
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      }
      const isScript = request.url === "/page.js";
      response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
      response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
      response.end(isScript ? script : '<script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    await page.waitForFunction(() => "trainBriefly" in globalThis);
    return page;
  }

  const runIn = (page: Page, options: WasmEngineOptions): Promise<BriefRun> =>
    page.evaluate((o) => (globalThis as unknown as { trainBriefly: typeof trainBriefly }).trainBriefly(o), options);

  test.each(variants)("%s: bit-identical for 1, 2 and 3 threads, and close to Node", async (variant) => {
    const page = await open("/isolated");
    const relaxedSimd = variant === "wasm-relaxed-simd";
    const node = await trainBriefly({ relaxedSimd });
    for (const threads of [1, 2, 3]) {
      const run = await runIn(page, { threads, relaxedSimd });
      expect(run).toMatchObject({ variant, threads });
      expect(run.loss).toBeCloseTo(node.loss, 4);
      expect(run.bits).toBe((await runIn(page, { threads: 1, relaxedSimd })).bits);
    }
    await page.close();
  });

  test("a page that is not cross-origin isolated has one thread, and says so with the headers to set", async () => {
    const page = await open("/plain");
    const single = await runIn(page, {});
    expect(single).toMatchObject({ threads: 1, notes: [] });
    expect(await runIn(page, { threads: 2 })).toEqual({
      ...single,
      notes: [
        expect.stringMatching(/^2 threads asked for, 1 used: .*not cross-origin isolated.*-Opener-Policy: same-origin/),
      ],
    });
    await page.close();
  });
});
