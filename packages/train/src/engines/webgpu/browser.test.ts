import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundlePage } from "../_testing/bundle-page.ts";
import { engineChecks } from "../_testing/engine-checks.ts";
import { defaultTolerances } from "../_testing/engine-suite.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const found = existsSync(executablePath);
if (!found) {
  process.stderr.write(`skipped: webgpu in Chromium: none at ${executablePath} (CHROMIUM_PATH says where it is)\n`);
}

/** WebGPU on the software adapter that comes with Chromium. */
const flags = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** What `_testing/browser-page.ts` adds to the page. */
interface PageGlobals {
  engineVariant(): Promise<string>;
  runCheck(name: string, tolerances: typeof defaultTolerances): Promise<void>;
}

describe.skipIf(!found)("webgpu in Chromium", () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let variant = "";

  beforeAll(async () => {
    const script = await bundlePage(new URL("./_testing/browser-page.ts", import.meta.url));
    server = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : '<script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath, args: flags });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => "runCheck" in globalThis);
    variant = await page.evaluate(() => (globalThis as unknown as PageGlobals).engineVariant());
    if (variant.startsWith("no engine")) process.stderr.write(`skipped: webgpu in Chromium: ${variant}\n`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test.each(engineChecks.map(({ name }) => name))(
    "%s",
    async (name) => {
      if (variant.startsWith("no engine")) return;
      const failure = await page.evaluate(
        ([check, tolerances]) =>
          (globalThis as unknown as PageGlobals).runCheck(check, tolerances).then(
            () => "",
            (error: unknown) => String(error),
          ),
        [name, defaultTolerances] as const,
      );
      expect(failure).toBe("");
    },
    180_000,
  );

  test("the engine says that it is on a software adapter", () => {
    if (!variant.startsWith("no engine")) expect(variant).toBe("webgpu-swiftshader-register-tiles");
  });
});
