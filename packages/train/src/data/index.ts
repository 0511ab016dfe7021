export type { Batch, BatchSource } from "./batch-source.ts";
export type { DeviceSampler } from "./device-sampler.ts";
export { type ProcessSourceOptions, processSource } from "./process-source.ts";
export { type TextSourceCommon, type TextSourceOptions, textSource } from "./text-source.ts";
export { type TokenArraySourceOptions, tokenArraySource } from "./token-array-source.ts";
export { loadTokenizer, type Tokenizer, type TokenizerFile } from "./tokenizer.ts";
