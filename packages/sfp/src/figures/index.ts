/**
 * Figures of factored and semi-factored processes as SVG.
 *
 * @packageDocumentation
 */
export {};
