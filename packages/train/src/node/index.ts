/**
 * Checkpoints on disk, for Node.
 *
 * @packageDocumentation
 */
export type { Checkpoint, LoadedCheckpoint } from "../io/checkpoint.ts";
export { loadCheckpoint, saveCheckpoint } from "./checkpoint-file.ts";
export { type LoadPretrainedOptions, loadPretrained } from "./model-folder.ts";
export { StorageError } from "./storage-error.ts";
