export { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type LoadedCheckpoint } from "./checkpoint.ts";
export {
  fromPretrained,
  openShardedSafetensors,
  type PretrainedFamily,
  type PretrainedOptions,
} from "./pretrained/index.ts";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type Tensor } from "./safetensors.ts";
export {
  type ByteReader,
  type ElementType,
  openSafetensors,
  type TensorInfo,
  type TensorSource,
} from "./tensor-source.ts";
