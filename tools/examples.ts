import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Plugin } from "vite";
import { isTypeScript, readSources, root } from "./sources.ts";

/** A piece of code in the documentation that runs as a test. */
export interface Example {
  /** Path of the file it stands in, from the root. */
  readonly path: string;
  /** Line of its first statement, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** The ```ts blocks of `@example` tags in a TypeScript source. */
export function examplesOfSource(path: string, text: string): readonly Example[] {
  return fencedBlocks(path, text, { fence: /^\s*\*\s*```ts\s*$/, close: /^\s*\*\s*```\s*$/, prefix: /^\s*\* ?/ });
}

/** The blocks of a Markdown text whose fence reads ```ts run. */
export function examplesOfMarkdown(path: string, text: string): readonly Example[] {
  return fencedBlocks(path, text, { fence: /^```ts run\s*$/, close: /^```\s*$/, prefix: /^/ });
}

interface FenceStyle {
  readonly fence: RegExp;
  readonly close: RegExp;
  readonly prefix: RegExp;
}

function fencedBlocks(path: string, text: string, style: FenceStyle): readonly Example[] {
  const examples: Example[] = [];
  let open: { readonly line: number; readonly code: string[] } | undefined;
  text.split("\n").forEach((line, index) => {
    if (open === undefined) {
      if (style.fence.test(line)) open = { line: index + 2, code: [] };
    } else if (style.close.test(line)) {
      examples.push({ path, line: open.line, code: `${open.code.join("\n")}\n` });
      open = undefined;
    } else {
      open.code.push(line.replace(style.prefix, ""));
    }
  });
  if (open !== undefined) throw new Error(`${path}:${open.line - 1}: the code block is not closed`);
  return examples;
}

const isDocument = (path: string): boolean =>
  path.endsWith(".md") && !path.includes("/api/") && !path.includes("/.vitepress/");

/** Every example of the packages' sources, the READMEs and the documentation. */
export function allExamples(): readonly Example[] {
  const isSource = (path: string): boolean =>
    path.includes("/src/") && isTypeScript(path) && !path.endsWith(".test.ts");
  const sources = [...readSources(["packages"], isSource)];
  const documents = [...readSources(["packages", "docs"], isDocument), ...readSources(["README.md"], isDocument)];
  return [
    ...sources.flatMap(([path, text]) => examplesOfSource(path, text)),
    ...documents.flatMap(([path, text]) => examplesOfMarkdown(path, text)),
  ];
}

const listId = "virtual:examples";

/**
 * Serves the examples to vitest: `virtual:examples` exports the list, each with a `run` that imports its code as a module
 * that stands beside the documented file, so that it resolves packages as that file would.
 */
export function examplesPlugin(): Plugin {
  const modules = new Map<string, Example>();
  return {
    name: "semifactor:examples",
    resolveId(id) {
      if (id === listId) return `\0${listId}`;
      return modules.has(id) ? id : null;
    },
    load(id) {
      if (id !== `\0${listId}`) return modules.get(id)?.code;
      const entries = allExamples().map((example) => {
        const digest = createHash("sha256").update(example.code).digest("hex").slice(0, 12);
        const module = `${join(root, example.path)}?example=${example.line}-${digest}&lang.ts`;
        modules.set(module, example);
        const { path, line } = example;
        return `{ path: ${JSON.stringify(path)}, line: ${line}, run: () => import(${JSON.stringify(module)}) }`;
      });
      return `export const examples = [${entries.join(",\n")}];`;
    },
  };
}
