export type { PlannedIntervention } from "./_internal/intervention-modes.ts";
export type { SamplerShape } from "./_internal/sampler.ts";
export { type CompiledPlan, compilePlan, type PlanOptions } from "./compile.ts";
export type { ParameterEntry, ParameterLayout } from "./parameter-layout.ts";
export type { TrainableLayout, TrainableParameter, TrainableRun, TrainableSpec } from "./trainable.ts";
export type {
  Argument,
  BufferReference,
  BufferSpec,
  BufferType,
  KernelCall,
  Phase,
  PhaseName,
  Plan,
  PlanConstant,
  Region,
} from "./types.ts";
