/**
 * Figures of processes of one kind: beliefs in their simplex and presentations as graphs, as SVG.
 *
 * @packageDocumentation
 */
export { type PresentationGraphOptions, presentationGraph } from "./presentation-graph.ts";
export { type SimplexPlotOptions, simplexPlot } from "./simplex-plot.ts";
