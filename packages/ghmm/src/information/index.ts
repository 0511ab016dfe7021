export { type ExactLoss, type MonteCarloLoss, type OptimalLossOptions, optimalLoss } from "./optimal-loss.ts";
