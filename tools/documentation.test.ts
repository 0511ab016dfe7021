import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compilerOptions, documentationGaps } from "./documentation.ts";
import { allExamples, type Example } from "./examples.ts";
import { root } from "./sources.ts";

const entries = ["ghmm", "sfp", "train", "diagnostics"].flatMap((name) => {
  const folder = `packages/${name}`;
  const { exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const targets: [string, { readonly "@semifactor/source"?: string }][] = Object.entries(exports);
  return targets.flatMap(([subpath, target]) => {
    const source = target["@semifactor/source"];
    // what the packages share among themselves is not public
    return source === undefined || subpath === "./internal" ? [] : [join(folder, source)];
  });
});

/** A program whose files are these texts, read beside the files of the repository. */
function programOf(texts: ReadonlyMap<string, string>, relaxed: ts.CompilerOptions = {}): ts.Program {
  const options = { ...compilerOptions(), ...relaxed };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version);
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options, host });
}

describe("the exported symbols", () => {
  const program = ts.createProgram({ rootNames: entries.map((file) => join(root, file)), options: compilerOptions() });

  it.each(entries)("of %s all have a summary, and an example where they have a value", (file) => {
    const gaps = documentationGaps(program, join(root, file)).map(({ name, missing }) => `${name}: no ${missing}`);
    expect(gaps).toEqual([]);
  });
});

describe("the examples", () => {
  it("typecheck", () => {
    const where = new Map<string, Example>();
    const texts = new Map<string, string>();
    for (const example of allExamples()) {
      const file = join(root, example.path).replace(/(\.ts|\.md)$/, `.example-${example.line}.ts`);
      where.set(file, example);
      texts.set(file, `export {}; declare const expect: typeof import("vitest").expect;\n${example.code}`);
    }
    // An example may index an array without proving that the element is there.
    const program = programOf(texts, { noUncheckedIndexedAccess: false });
    const problems = [...texts.keys()].flatMap((file) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      const example = where.get(file);
      return found.map(({ messageText, start = 0 }) => {
        const line = (example?.line ?? 0) + (source?.getLineAndCharacterOfPosition(start).line ?? 0) - 1;
        return `${example?.path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      });
    });
    expect(problems).toEqual([]);
  });
});

describe("documentationGaps", () => {
  it("names what lacks a summary or an example", () => {
    const text = `
      /** Has both. @example x */ export function both(): void {}
      /** Has no example. */ export const noExample = 1;
      /** A type needs no example. */ export interface Type { readonly a: number }
      export function nothing(): void {}
      /** An error. */ export class Failure extends Error {}`;
    const file = join(root, "tools", "planted.ts");
    const gaps = documentationGaps(programOf(new Map([[file, text]])), file);
    expect(gaps.map(({ name, missing }) => `${name}: ${missing}`).sort()).toEqual([
      "noExample: example",
      "nothing: example",
      "nothing: summary",
    ]);
  });
});
