/**
 * `pnpm conformance [--check]`: writes conformance/ghmm.json and conformance/sfp.json, the vectors that test docs/spec.md and
 * docs/spec-sfp.md, from the library's sources. `--check` writes nothing and fails if a committed file differs by more than the last
 * digits of computed numbers.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { CommandError, root, runCommand } from "./workspace.mjs";

/** A TypeScript module of tools/conformance, with the packages taken from their sources. */
async function load(file) {
  const conditions = ["@semifactor/source", "module", "import", "default"];
  const environments = { inline: { resolve: { conditions, noExternal: [/^@semifactor\//] } } };
  const config = { configFile: false, root, logLevel: "error", environments };
  const { module } = await runnerImport(join(root, "tools", "conformance", file), config);
  return module;
}

/** How the committed file differs from the one made, beyond last digits; undefined if there is none. */
function changes(path, made, differences) {
  return existsSync(path) ? differences(JSON.parse(readFileSync(path, "utf8")), made) : undefined;
}

await runCommand(async (args) => {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: { check: { type: "boolean", default: false } },
  });
  const { formatVectors, makeVectors, suiteNames } = await load("make.ts");
  const { differences } = await load("compare.ts");
  for (const suite of suiteNames) {
    const name = `conformance/${suite}.json`;
    const path = join(root, name);
    const made = makeVectors(suite);
    const text = formatVectors(made);
    const found = changes(path, JSON.parse(text), differences);
    const isCurrent = found !== undefined && found.length === 0;
    if (values.check && !isCurrent) {
      const what = found === undefined ? "is missing" : "is not current";
      throw new CommandError(`${name} ${what}; run: pnpm conformance\n${(found ?? []).slice(0, 10).join("\n")}`);
    }
    // a file that differs in last digits only is left as it is
    if (!isCurrent) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.tmp`, text);
      renameSync(`${path}.tmp`, path);
    }
    process.stdout.write(`${name}${isCurrent ? " is current" : ""}: ${made.vectors.length} vectors\n`);
  }
});
