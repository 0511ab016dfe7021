export { addLora, type LoraOptions } from "./add-lora.ts";
export { mergeLora, unmergeLora } from "./merge-lora.ts";
export { enableLora, removeLora } from "./select-lora.ts";
