import { expect, it } from "vitest";
import { UnsupportedError } from "../../numeric/errors.ts";
import { loadGraphviz } from "./load-graphviz.ts";

it("loads Graphviz", async () => {
  const graphviz = await loadGraphviz("test");
  expect(graphviz.layout("digraph { a -> b }", "plain")).toContain("node a");
});

it("says what to install where the package is missing", async () => {
  const cause = new Error("not found");
  const missing = loadGraphviz("presentationGraph", () => Promise.reject(cause));
  await expect(missing).rejects.toThrow(UnsupportedError);
  await expect(missing).rejects.toThrow("presentationGraph: @hpcc-js/wasm-graphviz cannot be loaded. Install it");
  await expect(missing).rejects.toMatchObject({ cause });
});
