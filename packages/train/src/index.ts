/**
 * Transformer and LoRA training: a model is compiled into a plan of kernel calls over one arena, which an engine executes.
 *
 * @packageDocumentation
 */
export * from "./data/index.ts";
export * from "./engines/index.ts";
export * from "./io/index.ts";
export * from "./kernels/index.ts";
export * from "./loop/index.ts";
export * from "./lora/index.ts";
export * from "./model/index.ts";
export * from "./plan/index.ts";
export * from "./run/index.ts";
