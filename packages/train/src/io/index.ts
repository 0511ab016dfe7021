export { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type LoadedCheckpoint } from "./checkpoint.ts";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type Tensor } from "./safetensors.ts";
