/**
 * Checkpoints, metrics and runs on disk, for Node.
 *
 * @packageDocumentation
 */
export type { Checkpoint, LoadedCheckpoint } from "../io/checkpoint.ts";
export { loadPeftAdapter, savePeftAdapter } from "./adapter-folder.ts";
export { loadCheckpoint, saveCheckpoint } from "./checkpoint-file.ts";
export { jsonlMetrics, type MetricsLine, readMetrics } from "./metrics-file.ts";
export { type LoadPretrainedOptions, loadPretrained } from "./model-folder.ts";
export { openRunFolder, type RunFolder } from "./run-folder.ts";
export { RunFolderBusyError } from "./run-folder-lock.ts";
export { type TrainInFolderOptions, trainInFolder } from "./run-folder-train.ts";
export { stableJson } from "./stable-json.ts";
export { StorageError } from "./storage-error.ts";
export { writeFileAtomically } from "./write-file-atomically.ts";
