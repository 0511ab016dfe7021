export { createWasmEngine, type WasmEngineOptions } from "./wasm-engine.ts";
