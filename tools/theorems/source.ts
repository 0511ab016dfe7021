import ts from "typescript";
import { examplesOfSource } from "../examples.ts";
import { isTypeScript, readSources } from "../sources.ts";

/** The code of a theorem's check, cut out of its file. */
export interface TheoremSource {
  /** Path from the root. */
  readonly path: string;
  /** What computes the check: the file without its imports and without the texts of the theorem. */
  readonly code: string;
  /** The first example of its comment, without imports being removed. */
  readonly example: string;
}

/** The parts of a theorem's object that are code. */
const CODE = ["instanceOf", "arbitrary", "residual", "tolerance", "counterexamples"];

const nameOf = (property: ts.ObjectLiteralElementLike): string =>
  property.name !== undefined && ts.isIdentifier(property.name) ? property.name.text : "";

/** The object literal in a statement that has an `id` like T4, and the id. */
function theoremIn(
  statement: ts.Statement,
): { readonly id: string; readonly object: ts.ObjectLiteralExpression } | undefined {
  let found: { readonly id: string; readonly object: ts.ObjectLiteralExpression } | undefined;
  const visit = (node: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isObjectLiteralExpression(node)) {
      const id = node.properties.find((property) => nameOf(property) === "id");
      const value = id !== undefined && ts.isPropertyAssignment(id) ? id.initializer : undefined;
      if (value !== undefined && ts.isStringLiteral(value) && /^T\d+$/.test(value.text)) {
        found = { id: value.text, object: node };
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  if (ts.isVariableStatement(statement)) visit(statement);
  return found;
}

/** The theorems of a source file, by id. */
export function theoremsOfSource(path: string, text: string): ReadonlyMap<string, TheoremSource> {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const parsed = file.statements.map((statement) => ({ statement, theorem: theoremIn(statement) }));
  const helpers = parsed
    .filter(({ statement, theorem }) => theorem === undefined && !ts.isImportDeclaration(statement))
    .map(({ statement }) => statement.getFullText().trim());
  return new Map(
    parsed.flatMap(({ statement, theorem }) => {
      if (theorem === undefined) return [];
      const parts = theorem.object.properties
        .filter((property) => CODE.includes(nameOf(property)))
        .map((property) => `  ${property.getText()},`);
      const head = statement.getText().split(/[={]/)[0]?.trim() ?? "";
      const code = [
        ...helpers,
        [`${head} = {`, "  // ... statement, hypotheses and proof are above", ...parts, "};"].join("\n"),
      ];
      const [example] = examplesOfSource(path, statement.getFullText());
      return [[theorem.id, { path, code: code.join("\n\n"), example: example?.code.trimEnd() ?? "" }]];
    }),
  );
}

/** Every theorem's source in the packages, by id. */
export function theoremSources(): ReadonlyMap<string, TheoremSource> {
  const places = ["packages/ghmm/src/theorems", "packages/sfp/src/theorems"];
  const files = readSources(places, (path) => isTypeScript(path) && !path.endsWith(".test.ts"));
  return new Map([...files].flatMap(([path, text]) => [...theoremsOfSource(path, text)]));
}
