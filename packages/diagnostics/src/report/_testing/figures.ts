import { JSDOM } from "jsdom";
import type { Figure } from "../../figures/figure.ts";
import { learningCurves } from "../../figures/learning-curves.ts";
import { pointGrid } from "../../figures/point-grid.ts";
import { probeTable } from "../../figures/probe-table.ts";
import { shiftCurves } from "../../figures/shift-curves.ts";

const { document } = new JSDOM("").window;
const steps = [0, 10, 20];

/** One small figure of every kind. */
export const figures: readonly Figure[] = [
  learningCurves({ document, curves: [{ cell: "shared", steps, excessLoss: [1, 0.1, 0.01] }] }),
  shiftCurves({ document, panels: [{ cell: "shared", adapter: "D*", steps, held: [0, 0.5, 1] }] }),
  pointGrid({ document, points: [{ row: "shared", column: "pairs", seed: 0, value: 0.9 }] }),
  probeTable({ document, cells: [{ row: "persona", layer: "blocks.0.hook_resid_pre", r2: 0.3 }] }),
];
