export type { BiasGroup, RotaryScaling, TransformerConfig, TransformerOptions } from "./config.ts";
export { type HookPoint, hookPoints, type LoraHookPoint, type ResidualHookPoint } from "./hook-points.ts";
export type { Intervention, InterventionPlace } from "./interventions.ts";
export { type LoraAdapter, loraParameterNames, loraScaling } from "./lora-adapter.ts";
export type { LinearName } from "./parameters.ts";
export { createTransformer, type Transformer, type WeightArray } from "./transformer.ts";
