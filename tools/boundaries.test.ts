import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { boundaryViolations, importCircles, importsOf, undeclaredImports } from "./boundaries.ts";
import { isTypeScript, readSources, root } from "./sources.ts";

const repository = readSources(
  ["packages", "examples", "bench"],
  (path) => path.includes("/src/") && isTypeScript(path),
);

const declared = (folder: string): ReadonlySet<string> => {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
};

describe("the repository", () => {
  it("is read", () => {
    expect(repository.size).toBeGreaterThan(20);
    expect([...repository.keys()].some((path) => path.startsWith("packages/ghmm/src/"))).toBe(true);
  });

  it("keeps its import directions", () => {
    expect(boundaryViolations(repository)).toEqual([]);
  });

  it("declares what it imports", () => {
    expect(undeclaredImports(repository, declared)).toEqual([]);
  });

  it("has no import circles", () => {
    expect(importCircles(repository)).toEqual([]);
  });
});

describe("importsOf", () => {
  it("finds imports, re-exports, import types and dynamic imports", () => {
    const text = `import a from "a"; import type { B } from "b"; export * from "./c.ts";
      type D = import("d").D; const e = await import("e"); import "f"; const no = "import x from 'y'";`;
    expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(["a", "b", "./c.ts", "d", "e", "f"]);
    expect(importsOf(text).filter(({ dynamic }) => dynamic)).toEqual([{ specifier: "e", dynamic: true }]);
  });
});

describe("boundaryViolations on a planted violation", () => {
  const planted = (path: string, text: string) => boundaryViolations(new Map([[path, text]]));

  it.each([
    ["packages/ghmm/src/x.ts", 'import { a } from "@semifactor/sfp";'],
    ["packages/sfp/src/x.ts", 'import type { A } from "@semifactor/train";'],
    ["packages/train/src/x.ts", 'export * from "@semifactor/sfp";'],
    ["packages/train/src/x.ts", 'const a = await import("@semifactor/diagnostics");'],
    ["packages/sfp/src/a/x.ts", 'import { a } from "../../../ghmm/src/index.ts";'],
    ["packages/diagnostics/src/x.ts", 'import { a } from "../../../examples/experiments/src/a.ts";'],
    ["packages/ghmm/src/x.ts", 'import { a } from "@semifactor/ghmm";'],
    ["packages/ghmm/src/x.ts", 'import { readFileSync } from "node:fs";'],
    ["packages/train/src/x.ts", 'const fs = await import("fs");'],
    ["packages/train/src/index.ts", 'export * from "./node/index.ts";'],
  ])("%s: %s", (path, text) => {
    expect(planted(path, text)).toHaveLength(1);
  });

  it.each([
    ["packages/sfp/src/x.ts", 'import { a } from "@semifactor/ghmm";'],
    ["packages/diagnostics/src/x.ts", 'import { a } from "@semifactor/sfp"; import { b } from "@semifactor/train";'],
    ["packages/ghmm/src/x.test.ts", 'import { a } from "@semifactor/ghmm"; import { b } from "node:fs";'],
    ["packages/train/src/node/files.ts", 'import { b } from "node:fs"; import { c } from "../io/c.ts";'],
    ["examples/experiments/src/x.ts", 'import { b } from "node:fs"; import { c } from "@semifactor/diagnostics";'],
  ])("accepts %s: %s", (path, text) => {
    expect(planted(path, text)).toEqual([]);
  });
});

describe("undeclaredImports", () => {
  it("compares package names, scoped and with subpaths, with the manifest", () => {
    const text = 'import "a/sub"; import "@s/b/sub"; import "c"; import "node:fs"; import "./d.ts";';
    const files = new Map([["packages/ghmm/src/x.ts", text]]);
    expect(undeclaredImports(files, () => new Set(["a", "@s/b"]))).toEqual([
      "packages/ghmm/src/x.ts: c is not a dependency of packages/ghmm",
    ]);
  });
});

describe("importCircles", () => {
  it("names the files around a circle, type-only imports included", () => {
    const files = new Map([
      ["p/a.ts", 'import { b } from "./b.ts";'],
      ["p/b.ts", 'import type { C } from "./q/c.ts";'],
      ["p/q/c.ts", 'export * from "../a.ts";'],
      ["p/d.ts", 'import { a } from "./a.ts";'],
    ]);
    expect(importCircles(files)).toEqual([["p/a.ts", "p/b.ts", "p/q/c.ts", "p/a.ts"]]);
  });

  it("finds none in a diamond", () => {
    const files = new Map([
      ["a.ts", 'import "./b.ts"; import "./c.ts";'],
      ["b.ts", 'import "./d.ts";'],
      ["c.ts", 'import "./d.ts";'],
      ["d.ts", ""],
    ]);
    expect(importCircles(files)).toEqual([]);
  });
});
