export type { TransformerConfig, TransformerOptions } from "./config.ts";
export { type HookPoint, hookPoints, type ResidualHookPoint } from "./hook-points.ts";
export type { LoraAdapter } from "./parameters.ts";
export { createTransformer, type Transformer, type WeightArray } from "./transformer.ts";
