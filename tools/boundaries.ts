import { builtinModules } from "node:module";
import { dirname, join } from "node:path/posix";
import ts from "typescript";

/** Which of our packages each folder may import. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  "packages/ghmm": [],
  "packages/sfp": ["ghmm"],
  "packages/train": ["ghmm"],
  "packages/diagnostics": ["ghmm", "sfp", "train"],
  "examples/experiments": ["ghmm", "sfp", "train", "diagnostics"],
  bench: ["ghmm", "sfp", "train", "diagnostics"],
};

/**
 * Files of the published packages that may load a Node built-in outside a `/node` subpath, always by a dynamic import
 * behind a check of the host, with the reason.
 */
export const hostDependentFiles: Readonly<Record<string, string>> = {};

/** One import of a file: the specifier, and whether it is loaded only when the code runs (`import("...")`). */
export interface Import {
  readonly specifier: string;
  readonly dynamic: boolean;
}

/** Every import and re-export of a source text, type-only ones and dynamic ones included. */
export function importsOf(text: string): readonly Import[] {
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      if (ts.isStringLiteral(node.moduleSpecifier))
        imports.push({ specifier: node.moduleSpecifier.text, dynamic: false });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteralLike(argument)) {
        imports.push({ specifier: argument.text, dynamic: true });
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) imports.push({ specifier: literal.text, dynamic: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", text, ts.ScriptTarget.ES2022, false));
  return imports;
}

const isTest = (path: string): boolean => path.endsWith(".test.ts") || /\/_testing\//.test(path);
const isNodeSubpath = (path: string): boolean => /\/node(\.ts$|\/)/.test(path);
const isBuiltin = (specifier: string): boolean => specifier.startsWith("node:") || builtinModules.includes(specifier);

/** Where an import breaks the layout: one sentence per violation, beginning with the file. */
export function boundaryViolations(files: ReadonlyMap<string, string>): readonly string[] {
  const violations: string[] = [];
  for (const [path, text] of files) {
    const home = Object.keys(allowedImports).find((folder) => path.startsWith(`${folder}/`));
    if (home === undefined) continue;
    const own = home.replace("packages/", "");
    for (const { specifier, dynamic } of importsOf(text)) {
      const target = /^@semifactor\/([^/]+)/.exec(specifier)?.[1];
      if (target !== undefined && target !== own && !allowedImports[home]?.includes(target)) {
        violations.push(`${path}: ${home} must not import ${specifier}`);
      }
      if (target === own && !isTest(path)) {
        violations.push(`${path}: imports its own package by name (${specifier}); use a relative path`);
      }
      if (specifier.startsWith(".") && !join(dirname(path), specifier).startsWith(`${home}/src/`)) {
        violations.push(`${path}: ${specifier} leaves ${home}/src`);
      }
      if (!home.startsWith("packages/") || isTest(path) || !isBuiltin(specifier) || isNodeSubpath(path)) continue;
      if (!(dynamic && path in hostDependentFiles)) {
        violations.push(`${path}: Node built-in ${specifier} outside a /node subpath`);
      }
    }
    if (!home.startsWith("packages/") || isTest(path) || isNodeSubpath(path)) continue;
    for (const { specifier } of importsOf(text)) {
      const target = join(dirname(path), specifier);
      if (specifier.startsWith(".") && isNodeSubpath(target))
        violations.push(`${path}: imports the Node-only ${target}`);
    }
  }
  return violations;
}

/** Imports of third-party packages that the package's own manifest does not declare. */
export function undeclaredImports(
  files: ReadonlyMap<string, string>,
  declared: (folder: string) => ReadonlySet<string>,
): readonly string[] {
  const violations: string[] = [];
  for (const [path, text] of files) {
    const folder = Object.keys(allowedImports).find((home) => path.startsWith(`${home}/`));
    if (folder === undefined || isTest(path)) continue;
    for (const { specifier } of importsOf(text)) {
      if (specifier.startsWith(".") || isBuiltin(specifier)) continue;
      const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
      if (!declared(folder).has(name)) violations.push(`${path}: ${name} is not a dependency of ${folder}`);
    }
  }
  return violations;
}

/** Import circles between files, each as the paths around it. */
export function importCircles(files: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const [path, text] of files) {
    const relative = importsOf(text).filter(({ specifier }) => specifier.startsWith("."));
    const paths = relative.map(({ specifier }) => join(dirname(path), specifier));
    targets.set(
      path,
      paths.filter((target) => files.has(target)),
    );
  }
  const circles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (finished.has(path)) return;
    const start = trail.indexOf(path);
    if (start >= 0) {
      circles.push([...trail.slice(start), path]);
      return;
    }
    trail.push(path);
    for (const target of targets.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of files.keys()) visit(path);
  return circles;
}
