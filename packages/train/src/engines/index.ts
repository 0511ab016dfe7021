export { createEngine } from "./create-engine.ts";
export type { Engine, EngineArray, EngineOptions } from "./engine.ts";
export { createReferenceEngine } from "./reference.ts";
export { createWasmEngine, type WasmEngineOptions } from "./wasm/index.ts";
