/**
 * `pnpm api` writes packages/<name>/api/<entry>.api.md, the public signatures of every built entry point; with
 * `--check` it fails where the committed report differs, so that no signature changes unnoticed.
 */
import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError, packageNames, readJson, root, runCommand } from "./workspace.mjs";

/** The declaration files of a package's entry points, by report name. */
function entryPoints(folder) {
  const { exports } = readJson(join(folder, "package.json"));
  // "./internal" is what the packages share among themselves, and not public
  const types = Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === "string" || subpath === "./internal" ? [] : [target.types],
  );
  return types.map((path) => [path.replace("./dist/", "").replace(".d.ts", "").replaceAll("/", "-"), path]);
}

await runCommand(async (args) => {
  const { Extractor, ExtractorConfig } = await import("@microsoft/api-extractor");
  const check = args.includes("--check");
  const problems = [];
  for (const name of packageNames) {
    const folder = join(root, "packages", name);
    mkdirSync(join(folder, "api"), { recursive: true });
    const configPath = join(folder, "api-extractor.json");
    for (const [entry, types] of entryPoints(folder)) {
      if (!existsSync(join(folder, types)))
        throw new CommandError(`api: packages/${name} is not built; run: pnpm build`);
      const configObject = ExtractorConfig.loadFile(configPath);
      configObject.mainEntryPointFilePath = join(folder, types);
      configObject.apiReport.reportFileName = `${entry}.api.md`;
      const config = ExtractorConfig.prepare({
        configObject,
        configObjectFullPath: configPath,
        packageJsonFullPath: join(folder, "package.json"),
      });
      const result = Extractor.invoke(config, {
        localBuild: !check,
        messageCallback(message) {
          message.handled = true;
          // Category "console" says where the report was written; that is said below.
          if (message.category !== "console" && ["error", "warning"].includes(message.logLevel)) {
            problems.push(`${name}/${entry}: ${message.text}`);
          }
        },
      });
      const report = `packages/${name}/api/${basename(config.reportFilePath)}`;
      if (result.apiReportChanged) {
        if (check) problems.push(`${report} is out of date; run: pnpm build && pnpm api, and review the difference`);
        else process.stdout.write(`${report} written\n`);
      }
    }
  }
  if (problems.length > 0) throw new CommandError(problems.join("\n"));
});
