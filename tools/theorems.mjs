/**
 * `npm run theorems -- [--runs 1000] [--key 0] [--only T26,T27] [--process file.json] [--out runs/theorems.json] [--write | --check]`:
 * runs every theorem of the packages on random instances, or on a process of one's own, prints one line for each and writes the
 * residuals as JSON. Exit code 1 if a theorem or a counterexample fails, 2 for a wrong option or file. `--write` also writes the
 * pages in docs/theorems; `--check` runs nothing and fails if the committed pages are not those of the theorems.
 *
 * Installs what is missing, as `npm start` does. The theorems are taken from the sources, so nothing has to be built.
 */
import { join } from "node:path";
import { CommandError, ensureInstalled, requireNode, root, runCommand } from "./workspace.mjs";

/** The command, with the packages taken from their sources. */
async function load() {
  const { runnerImport } = await import("vite");
  const conditions = ["@semifactor/source", "module", "import", "default"];
  const environments = { inline: { resolve: { conditions, noExternal: [/^@semifactor\//] } } };
  const config = { configFile: false, root, logLevel: "error", environments };
  const { module } = await runnerImport(join(root, "tools", "theorems", "command.ts"), config);
  return module;
}

await runCommand(async (args) => {
  requireNode();
  ensureInstalled();
  const { theoremsCommand, UsageError } = await load();
  try {
    return await theoremsCommand(args, { root, stdout: process.stdout, stderr: process.stderr });
  } catch (error) {
    if (error instanceof UsageError) throw new CommandError(error.message, 2);
    throw error;
  }
});
