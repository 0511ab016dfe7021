export { fromPretrained, type PretrainedOptions } from "./from-pretrained.ts";
export type { PretrainedFamily } from "./published-config.ts";
export { openShardedSafetensors } from "./sharded-source.ts";
