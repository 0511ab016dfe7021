export { type Figure, type FigureOptions, markSelector } from "./figure.ts";
export { type LearningCurve, type LearningCurvesOptions, learningCurves } from "./learning-curves.ts";
export { type GridPoint, type PointGridOptions, pointGrid } from "./point-grid.ts";
export { type ProbeCell, type ProbeTableOptions, probeTable } from "./probe-table.ts";
export { type ShiftCurvesOptions, type ShiftPanel, shiftCurves } from "./shift-curves.ts";
