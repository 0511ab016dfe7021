export type { Engine, EngineArray, EngineOptions } from "./engines/engine.ts";
export type { ArgumentKind, KernelName, KernelSignature } from "./kernels/index.ts";
export { kernelSignatures } from "./kernels/index.ts";
export type {
  Argument,
  BufferReference,
  BufferSpec,
  BufferType,
  KernelCall,
  Phase,
  PhaseName,
  Plan,
  Region,
} from "./plan/types.ts";
