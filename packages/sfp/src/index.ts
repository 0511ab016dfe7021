/**
 * Semi-factored processes: tensor structure, block partitions, their discovery, entanglement measures, interventions, and the
 * families that test them.
 *
 * @packageDocumentation
 */
export * from "./discover/index.ts";
export * from "./entanglement/index.ts";
export * from "./families/index.ts";
export * from "./intervention/index.ts";
export * from "./structure/index.ts";
