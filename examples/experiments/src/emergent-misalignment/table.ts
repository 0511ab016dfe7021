import Table from "cli-table3";
import { type AdapterName, adapterNames, type CellName } from "./config.ts";
import { adapterMean, assertionSeeds, assertStudy, type CellResult, mean, passesNarrowGate } from "./results.ts";

/** Reader's name of each adapter. */
export const adapterTitles: Readonly<Record<AdapterName, string>> = {
  full: "all parameters",
  lora: "rank-1 LoRA",
  prior: "D* (BOS vector)",
  bias: "head bias",
};

/** Two or three digits, `-0` printed as `0`. */
export function figure(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/**
 * The study as a terminal table: a row per cell and seed, FRAC and held shift per adapter, a mark where a gate is missed.
 */
export function studyTable(results: readonly CellResult[]): string {
  const table = new Table({
    head: ["cell", "seed", "excess loss\n(nats)", ...adapterNames.map((a) => `${adapterTitles[a]}\nFRAC / held`)],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", ...adapterNames.map(() => "right" as const)],
  });
  for (const result of results) {
    table.push([
      result.config.cell,
      String(result.config.seed),
      `${figure(result.pretrain.excessLoss, 4)}${result.pretrain.passesGate ? "" : " !"}`,
      ...adapterNames.map((adapter) => {
        const mark = passesNarrowGate(result, adapter) ? "" : " *";
        return `${figure(adapterMean(result, adapter, "frac"))} / ${figure(adapterMean(result, adapter, "held"))}${mark}`;
      }),
    ]);
  }
  return table.toString();
}

/** What the table says in words: the number of seeds, the marks, and the assertion or why there is none. */
export function studySummary(results: readonly CellResult[]): readonly string[] {
  const first = results[0];
  if (first === undefined) return ["No cell has finished."];
  const lines: string[] = [];
  const cells = [...new Set(results.map((r) => r.config.cell))];
  const seeds = Math.min(...cells.map((cell) => results.filter((r) => r.config.cell === cell).length));
  if (first.config.smoke) lines.push("smoke: figures mean nothing (a few steps only, to show that every part runs).");
  if (seeds === 1) lines.push("n = 1 seed per cell: nothing is asserted.");
  else lines.push(`n = ${seeds} seeds per cell: ${cells.map((cell) => describeCell(results, cell)).join("; ")}.`);
  lines.push(
    `FRAC: fraction of the 10 held-out contexts whose law is nearer to the misaligned one; mean of ${first.config.narrowSets.length} narrow set(s).`,
    `! excess loss at or above ${first.config.gates.excessLoss} nats; * narrow shift below ${first.config.gates.narrowShift} in some set: shown, not dropped.`,
  );
  const assertion = assertStudy(results);
  if (assertion.asserted) {
    lines.push(
      `Asserted (D*, pairs code): shared mean FRAC ${figure(assertion.sharedMean, 3)} > .8 and independent ${figure(assertion.independentMean, 3)} < .2: ${assertion.holds ? "holds" : "FAILS"}` +
        ` (shared ${assertion.shared.map((x) => figure(x)).join(" ")}; independent ${assertion.independent.map((x) => figure(x)).join(" ")}).`,
    );
  } else if (!first.config.smoke && seeds > 1) {
    lines.push(`The study asserts from ${assertionSeeds} seeds of both pairs cells on; here it only reports.`);
  }
  return lines;
}

function describeCell(results: readonly CellResult[], cell: CellName): string {
  const fracs = results.filter((r) => r.config.cell === cell).map((r) => adapterMean(r, "prior", "frac"));
  return `${cell} D* FRAC mean ${figure(mean(fracs))}`;
}
