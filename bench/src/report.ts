import { renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** The machine in a line. */
export const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown CPU"}`;

/** Writes a report as JSON, with the date and the machine, all at once or not at all. */
export function writeReport(
  file: string,
  { bench, ...report }: { readonly bench: string; readonly [key: string]: unknown },
) {
  const header = { bench, date: new Date().toISOString(), node: process.versions.node, cpu: cpus()[0]?.model };
  writeFileSync(`${file}.tmp`, `${JSON.stringify({ ...header, ...report }, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}
