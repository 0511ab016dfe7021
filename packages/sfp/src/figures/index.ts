/**
 * Figures of factored and semi-factored processes as SVG.
 *
 * @packageDocumentation
 */
export { type BlockWeightPlotOptions, blockWeightPlot, type PlotOptions } from "./block-weight-plot.ts";
export { factorizationPlot } from "./factorization-plot.ts";
export { type NamedOperator, type OperatorHeatmapOptions, operatorHeatmap } from "./operator-heatmap.ts";
export { type NamedCoefficients, schmidtSpectrum } from "./schmidt-spectrum.ts";
