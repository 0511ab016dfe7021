/**
 * Semi-factored processes: tensor structure, block partitions and the families that test them.
 *
 * @packageDocumentation
 */
export * from "./families/index.ts";
export * from "./structure/index.ts";
