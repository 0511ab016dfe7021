export { createNativeEngine, type NativeEngineOptions } from "./native-engine.ts";
