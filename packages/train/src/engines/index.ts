export { createEngine } from "./create-engine.ts";
export type { DeviceName, Engine, EngineArray, EngineOptions, SyncEngine } from "./engine.ts";
export { createReferenceEngine } from "./reference.ts";
export { createWasmEngine, type WasmEngineOptions } from "./wasm/index.ts";
