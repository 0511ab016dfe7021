/**
 * Diagnostics of belief-state experiments: probes, behavioural shift, steering, figures and reports. Data in, data out.
 *
 * @packageDocumentation
 */

export type { NumericArray } from "./_internal/check.ts";
export * from "./behaviour/index.ts";
export * from "./figures/index.ts";
export * from "./probe/index.ts";
export * from "./report/index.ts";
export * from "./steering/index.ts";
