/**
 * Semi-factored processes: tensor structure, block partitions and the families that test them.
 *
 * @packageDocumentation
 */
export * as families from "./families/index.ts";
export * from "./families/persona-segments/index.ts";
