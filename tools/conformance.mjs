/**
 * `pnpm conformance [--check]`: writes conformance/ghmm.json, the vectors that test docs/spec.md, from the library's sources.
 * `--check` writes nothing and fails if the committed file differs by more than the last digits of computed numbers.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { CommandError, root, runCommand } from "./workspace.mjs";

const path = join(root, "conformance", "ghmm.json");

/** A TypeScript module of tools/conformance, with the packages taken from their sources. */
async function load(file) {
  const conditions = ["@semifactor/source", "module", "import", "default"];
  const environments = { inline: { resolve: { conditions, noExternal: [/^@semifactor\//] } } };
  const config = { configFile: false, root, logLevel: "error", environments };
  const { module } = await runnerImport(join(root, "tools", "conformance", file), config);
  return module;
}

await runCommand(async (args) => {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: { check: { type: "boolean", default: false } },
  });
  const { formatVectors, makeVectors } = await load("make.ts");
  const made = makeVectors();
  if (values.check) {
    const { differences } = await load("compare.ts");
    if (!existsSync(path))
      throw new CommandError("conformance: conformance/ghmm.json is missing; run: pnpm conformance");
    const found = differences(JSON.parse(readFileSync(path, "utf8")), JSON.parse(formatVectors(made)));
    if (found.length > 0) {
      throw new CommandError(
        `conformance/ghmm.json is not current; run: pnpm conformance\n${found.slice(0, 10).join("\n")}`,
      );
    }
    process.stdout.write(`conformance/ghmm.json is current: ${made.vectors.length} vectors\n`);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, formatVectors(made));
  renameSync(`${path}.tmp`, path);
  process.stdout.write(`conformance/ghmm.json: ${made.vectors.length} vectors\n`);
});
