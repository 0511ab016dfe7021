export type { OptimizerOptions } from "./optimizer.ts";
export { learningRateAt, type ScheduleOptions } from "./schedule.ts";
export type { OptimizerState, TrainHistory, TrainState } from "./state.ts";
export { type StepMetrics, type TrainOptions, type TrainResult, train } from "./train.ts";
