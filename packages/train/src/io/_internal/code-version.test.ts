import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { codeVersion } from "./code-version.ts";

test("the version in checkpoints is that of the package", async () => {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  expect(JSON.parse(text).version).toBe(codeVersion);
});
