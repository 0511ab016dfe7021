import {
  type Figure,
  learningCurves,
  pointGrid,
  probeTable,
  type ShiftPanel,
  shiftCurves,
} from "@semifactor/diagnostics";
import { JSDOM } from "jsdom";
import { type AdapterName, adapterNames } from "./config.ts";
import { adapterMean, byCell, type CellResult, mean, passesNarrowGate } from "./results.ts";
import { adapterTitles } from "./table.ts";

/** The figures of a report. */
export interface StudyFigures {
  /** The 2x2: FRAC of every seed and adapter. */
  readonly grid: Figure;
  /** Excess loss against pretraining step. */
  readonly learning: Figure;
  /** Shift of each held-out context against fine-tuning step, one figure per seed. */
  readonly shifts: readonly Figure[];
  /** Probe R^2 by layer, mean over seeds. */
  readonly probes: readonly Figure[];
}

/** Draws every figure of the report. */
export function studyFigures(unordered: readonly CellResult[]): StudyFigures {
  const results = byCell(unordered);
  const { document } = new JSDOM("").window;
  const seeds = [...new Set(results.map((r) => r.config.seed))];
  return {
    grid: pointGrid({
      document,
      title: "FRAC by cell and adapter, every seed",
      valueLabel: "FRAC, fraction of held-out contexts shifted",
      points: adapterNames.flatMap((adapter) =>
        results.map((result) => {
          const [row = "", column = ""] = result.config.cell.split("-");
          return {
            row,
            column,
            panel: adapterTitles[adapter],
            seed: result.config.seed,
            value: adapterMean(result, adapter, "frac"),
            passed: result.pretrain.passesGate && passesNarrowGate(result, adapter),
          };
        }),
      ),
    }),
    learning: learningCurves({
      document,
      gate: results[0]?.config.gates.excessLoss ?? 0.03,
      curves: results.map((result) => ({
        cell: result.config.cell,
        seed: result.config.seed,
        steps: result.pretrain.curve.map((point) => point.step),
        excessLoss: result.pretrain.curve.map((point) => point.excess),
      })),
    }),
    shifts: seeds.map((seed) =>
      shiftCurves({
        document,
        title: `Shift of the held-out contexts during narrow fine-tuning, seed ${seed}`,
        panels: results
          .filter((r) => r.config.seed === seed)
          .flatMap((result) => adapterNames.map((adapter) => shiftPanel(result, adapter))),
      }),
    ),
    probes: [
      probeTable({
        document,
        title: seeds.length === 1 ? "Linear probes by layer" : `Linear probes by layer, mean of ${seeds.length} seeds`,
        cells: probeCells(results),
      }),
    ],
  };
}

/** Every figure as a file of its own: name and SVG text, on white so that it can be read on a dark page. */
export function figureFiles({ grid, learning, shifts, probes }: StudyFigures): ReadonlyMap<string, string> {
  const named: readonly (readonly [string, Figure])[] = [
    ["grid", grid],
    ["learning-curves", learning],
    ...shifts.map((figure, i) => [`shift-${i}`, figure] as const),
    ...probes.map((figure, i) => [`probes-${i}`, figure] as const),
  ];
  return new Map(
    named.map(([name, { svg }]) => [`${name}.svg`, svg.replace("<svg ", '<svg style="background:#fff" ')]),
  );
}

/** One curve per held-out context and narrow set; the narrow curve is the mean over sets. */
function shiftPanel(result: CellResult, adapter: AdapterName): ShiftPanel {
  const runs = result.fineTune.filter((run) => run.adapter === adapter);
  const steps = runs[0]?.curve.map((shift) => shift.step) ?? [];
  const held = runs.flatMap((run) => {
    const contexts = run.final.perContext.map((_, c) => c).filter((c) => !run.narrowSet.includes(c));
    return contexts.flatMap((c) => run.curve.map((shift) => shift.perContext[c] ?? Number.NaN));
  });
  return {
    cell: result.config.cell,
    adapter: adapterTitles[adapter],
    steps,
    held,
    narrow: steps.map((_, s) => mean(runs.map((run) => run.curve[s]?.narrow ?? Number.NaN))),
  };
}

function probeCells(results: readonly CellResult[]) {
  const cells = new Map<string, { row: string; layer: string; r2: number[]; untrained: number[] }>();
  for (const target of ["persona", "phase"]) {
    for (const result of results) {
      for (const probe of result.probes.filter((p) => p.target === target)) {
        const row = `${target}, ${result.config.cell}`;
        const cell = cells.get(`${row} ${probe.hook}`) ?? { row, layer: probe.hook, r2: [], untrained: [] };
        cell.r2.push(probe.r2);
        cell.untrained.push(probe.untrained);
        cells.set(`${row} ${probe.hook}`, cell);
      }
    }
  }
  return [...cells.values()].map(({ row, layer, r2, untrained }) => ({
    row,
    layer,
    r2: mean(r2),
    untrained: mean(untrained),
  }));
}
