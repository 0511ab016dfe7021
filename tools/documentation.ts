import { join } from "node:path";
import ts from "typescript";
import { root } from "./sources.ts";

/** What is missing from the documentation of one exported symbol. */
export interface DocumentationGap {
  readonly name: string;
  readonly missing: "summary" | "example";
}

/**
 * The exported symbols of a module whose TSDoc lacks a summary, and the functions, classes and constants among them
 * whose TSDoc lacks an `@example`. Error classes are shown by what throws them and need none.
 */
export function documentationGaps(program: ts.Program, file: string): readonly DocumentationGap[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not a module of the program`);
  const gaps: DocumentationGap[] = [];
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const name = exported.getName();
    if (symbol.getDocumentationComment(checker).length === 0) gaps.push({ name, missing: "summary" });
    const hasExample = symbol.getJsDocTags(checker).some((tag) => tag.name === "example");
    const isError = symbol.flags & ts.SymbolFlags.Class && checker.getDeclaredTypeOfSymbol(symbol).getProperty("stack");
    if (symbol.flags & ts.SymbolFlags.Value && !isError && !hasExample) gaps.push({ name, missing: "example" });
  }
  return gaps;
}

/** The compiler options of the repository's tsconfig.json. */
export function compilerOptions(): ts.CompilerOptions {
  const path = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: ["vitest.config.ts"] }, ts.sys, root).options;
}
