export { type EvaluateLossOptions, evaluateLoss, type LossEvaluation } from "./evaluate-loss.ts";
export { type CapturedActivation, type RunOptions, type RunResult, run } from "./run.ts";
